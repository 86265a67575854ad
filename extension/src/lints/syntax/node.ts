/** What a piece of source text is, and where it stands in its file. Offsets are UTF-16 code units, as in JavaScript and VS Code. */
export interface SourceText {
  readonly text: string;
}

const NONE: readonly SyntaxNode[] = [];

/** A node of the syntax tree of one item, with the names that tree-sitter-rust gives to kinds and fields. */
export class SyntaxNode {
  /** Most nodes have none, and share the list. */
  children: readonly SyntaxNode[] = NONE;

  constructor(
    readonly kind: string,
    /** From the beginning of the item's text. */
    readonly start: number,
    readonly end: number,
    /** What the node is to its parent: `value`, `condition`; empty if the grammar does not say. */
    readonly field: string,
    readonly parent: SyntaxNode | undefined,
    readonly source: SourceText,
  ) {}

  /** A copy, with all below it, as it stands `by` further on in another text. */
  moved(by: number, source: SourceText, parent: SyntaxNode | undefined): SyntaxNode {
    const copy = new SyntaxNode(this.kind, this.start + by, this.end + by, this.field, parent, source);
    if (this.children.length > 0) copy.children = this.children.map((each) => each.moved(by, source, copy));
    return copy;
  }

  get text(): string {
    return this.source.text.slice(this.start, this.end);
  }

  child(field: string): SyntaxNode | undefined {
    for (const each of this.children) if (each.field === field) return each;
    return undefined;
  }

  /** The first child of a kind. */
  ofKind(kind: string): SyntaxNode | undefined {
    for (const each of this.children) if (each.kind === kind) return each;
    return undefined;
  }

  has(kind: string): boolean {
    return this.ofKind(kind) !== undefined;
  }

  /** Children that are more than punctuation and keywords. */
  get parts(): SyntaxNode[] {
    return this.children.filter(isNamed);
  }
}

/** The grammar gives names in small letters and underscores to what is more than one token; `mut` is such a name as well. */
export function isNamed({ kind }: SyntaxNode): boolean {
  let is = namedKinds.get(kind);
  if (is === undefined) {
    is = !TOKENS.has(kind) && /^[a-z_A-Z]/.test(kind);
    namedKinds.set(kind, is);
  }
  return is;
}

const namedKinds = new Map<string, boolean>();

const TOKENS = new Set(
  (
    "as async await break const continue default dyn else enum extern fn for if impl in let loop macro_rules! match mod " +
    "move pub ref return static struct trait type union unsafe use where while yield try gen raw"
  ).split(" "),
);

/** Every node of a tree in the order of the text; what `enter` refuses is not looked into. */
export function walk(root: SyntaxNode, enter: (node: SyntaxNode) => unknown): void {
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (enter(node) === false) continue;
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i]!);
  }
}

/** The nearest node around this one for which `is` holds. */
export function enclosing(node: SyntaxNode, is: (around: SyntaxNode) => boolean): SyntaxNode | undefined {
  for (let each = node.parent; each !== undefined; each = each.parent) if (is(each)) return each;
  return undefined;
}
