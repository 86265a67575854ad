/** What the head of a block of items says: `impl<T> Display for Meter<T> {}`. */
export interface BlockHead {
  readonly kind: "impl" | "trait" | "module" | "other";
  /** Name of the module or trait, or of the type that is implemented for, without its path. */
  readonly name: string;
  /** The type as written, for an `impl`. */
  readonly type: string;
  /** Of an `impl`, as written; empty for an inherent one. */
  readonly trait: string;
  readonly typeParameters: readonly string[];
}

const heads = new Map<string, BlockHead>();

/** Most heads that are kept: a session meets each again at every keystroke. */
const MOST_KEPT = 20_000;

export function readBlockHead(head: string): BlockHead {
  let found = heads.get(head);
  if (found === undefined) {
    if (heads.size > MOST_KEPT) heads.clear();
    found = parseHead(head);
    heads.set(head, found);
  }
  return found;
}

function parseHead(head: string): BlockHead {
  const text = head
    .replaceAll(/\/\/[^\n]*|\/\*[^]*?\*\//g, " ")
    .replace(/^(?:\s*#!?\[(?:[^[\]]|\[[^\]]*\])*\])*\s*/, "");
  const other = { type: "", trait: "", typeParameters: [] };
  const module = /^(?:pub(?:\s*\([^)]*\))?\s+)?mod\s+(\w+)/.exec(text);
  if (module !== null) return { kind: "module", name: module[1]!, ...other };
  const trait = /^(?:pub(?:\s*\([^)]*\))?\s+)?(?:unsafe\s+|auto\s+)*trait\s+(\w+)/.exec(text);
  if (trait !== null) return { kind: "trait", name: trait[1]!, ...other };
  const implementation = /^(?:default\s+)?(?:unsafe\s+)?impl\b\s*/.exec(text);
  if (implementation === null) return { kind: "other", name: "", ...other };
  let rest = text.slice(implementation[0].length);
  let typeParameters: string[] = [];
  if (rest.startsWith("<")) {
    const end = closingAngle(rest);
    typeParameters = splitTopLevel(rest.slice(1, end))
      .filter((each) => !each.startsWith("'"))
      .map((each) => /^(?:const\s+)?(\w+)/.exec(each)?.[1] ?? "");
    rest = rest.slice(end + 1);
  }
  rest = rest.replace(/\{\}\s*$/, "").replace(/\bwhere\b[^]*$/, "");
  const [first, second] = splitAtFor(rest);
  const type = (second ?? first).trim();
  const name = /^(?:&\s*(?:'\w+\s+)?(?:mut\s+)?)?(?:[\w:]*::)?(\w+)/.exec(type)?.[1] ?? "";
  return { kind: "impl", name, type, trait: second === undefined ? "" : first.trim(), typeParameters };
}

/** Where the angle bracket at the beginning closes. */
function closingAngle(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "<") depth++;
    else if (text[i] === ">" && text[i - 1] !== "-" && --depth === 0) return i;
  }
  return text.length;
}

/** At the commas outside of brackets. */
export function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if ("<([{".includes(c)) depth++;
    else if (")]}".includes(c) || (c === ">" && text[i - 1] !== "-")) depth--;
    else if (c === "," && depth === 0) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts.filter((each) => each !== "");
}

/** `Trait for Type`; `for<'a>` is none. */
function splitAtFor(text: string): [string, string?] {
  const found = /\sfor\s+(?!<)/.exec(text);
  if (found === null) return [text];
  return [text.slice(0, found.index), text.slice(found.index + found[0].length)];
}
