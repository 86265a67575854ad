import { TokenReader } from "../syntax/token-reader";

/** What a `use` brings into its module: a name and what it stands for, or all that a path has. */
export type Import =
  | { readonly kind: "import"; readonly name: string; readonly path: string }
  | { readonly kind: "glob"; readonly path: string };

/** Reads what follows the word `use`: `a::{b as c, d::*}` is one import each. */
export function readImports(reader: TokenReader): Import[] {
  const found: Import[] = [];
  readTree(reader, "", found);
  return found;
}

/** Reads a whole `use` declaration. */
export function importsOf(text: string): Import[] {
  const reader = new TokenReader(text);
  reader.attributes();
  reader.takesVisibility();
  return reader.takesWord("use") ? readImports(reader) : [];
}

function readTree(reader: TokenReader, prefix: string, found: Import[]): void {
  let path = prefix;
  reader.takes("::");
  for (;;) {
    if (reader.next === "{") {
      for (const each of reader.group().parts()) readTree(each, path, found);
      return;
    }
    if (reader.takes("*")) {
      found.push({ kind: "glob", path });
      return;
    }
    const name = reader.name();
    if (name === "") return;
    if (name !== "self" || path === "") path = path === "" ? name : `${path}::${name}`;
    if (!reader.takes("::")) break;
  }
  const alias = reader.takesWord("as") ? reader.name() : "";
  found.push({ kind: "import", name: alias === "" ? lastSegment(path) : alias, path });
}

export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf(":") + 1).trim();
}
