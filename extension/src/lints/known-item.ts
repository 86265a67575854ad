import type { ItemFinding } from "./finding";
import type { LiveAwait } from "./live-awaits";
import { type CallText, callsOf } from "./semantics/calls";
import { type Declaration, declarationsOf } from "./semantics/declarations";
import { mayReturnFuture } from "./semantics/workspace";
import type { ParseRust, SyntaxTree } from "./syntax/rust-parser";

/** What was found in an item, and for which state of the workspace and the settings that holds. */
export interface ItemFindings {
  readonly version: number;
  readonly findings: readonly ItemFinding[];
  /** Undefined as long as nobody has asked for them. */
  readonly awaits: readonly LiveAwait[] | undefined;
  /** Names whose declarations were looked at. */
  readonly asked: ReadonlySet<string>;
}

/** An item as it is written, kept until its text changes. What takes long is made when it is asked for. */
export class KnownItem {
  readonly declarations: readonly Declaration[];
  found: ItemFindings | undefined;
  /** Items whose findings depend on what is called in this one, and their files. */
  private readonly readers = new Map<KnownItem, string>();
  private readonly reads = new Set<KnownItem>();
  private parsed: { readonly tree: SyntaxTree | undefined } | undefined;
  private calls: readonly CallText[] | undefined;
  private outlineText: string | undefined;

  /** @param onRead is told when somebody asks what is called in this item */
  constructor(
    readonly text: string,
    private readonly parse: ParseRust,
    onRead: (item: KnownItem) => void,
  ) {
    this.declarations = declarationsOf(text, () => {
      onRead(this);
      return (this.calls ??= this.tree === undefined ? [] : callsOf(this.tree.root));
    });
  }

  /** Undefined if the text is beyond what can be parsed. */
  get tree(): SyntaxTree | undefined {
    this.parsed ??= { tree: this.parse({ text: this.text }) };
    return this.parsed.tree;
  }

  /** What names it brings, as one text: while that stays, whoever does not ask for one of them is not concerned. */
  get outline(): string {
    return (this.outlineText ??=
      this.declarations.length === 0 ? "" : JSON.stringify(this.declarations.map(outlineOf)));
  }

  /** The findings in `reader` depend on what is called here. */
  addReader(reader: KnownItem, file: string): void {
    this.readers.set(reader, file);
    reader.reads.add(this);
  }

  /** What it depended on is asked again. */
  forget(): void {
    this.found = undefined;
    for (const each of this.reads) each.readers.delete(this);
    this.reads.clear();
  }

  /** Its text is gone: whoever has looked at what it calls is looked at again. Gives the files of those. */
  leave(): readonly string[] {
    this.forget();
    const files = [...this.readers.values()];
    for (const each of [...this.readers.keys()]) each.forget();
    return files;
  }
}

/** Of imports all matters to everybody; of functions also whether they give futures. */
function outlineOf(declaration: Declaration): unknown {
  switch (declaration.kind) {
    case "import":
    case "glob":
      return declaration;
    case "function":
      return [declaration.name, mayReturnFuture(declaration)];
    default:
      return [declaration.kind, declaration.name];
  }
}
