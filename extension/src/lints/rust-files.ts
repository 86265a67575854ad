import { type Dirent, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Folders that hold what is built or brought, and no sources of the project. */
const LEFT_OUT = new Set(["target", "node_modules", "vendor"]);

/** Rust files in a folder and below it, in the order of their names. Links are not followed, so it ends. */
export function* rustFilesIn(folder: string): Generator<string> {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name) && !entry.name.startsWith("."))
      yield* rustFilesIn(path);
    else if (entry.isFile() && entry.name.endsWith(".rs")) yield path;
  }
}

/** The text of a source file; undefined if it cannot be read or is not UTF-8, which rustc refuses. */
export function readSource(file: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch {
    return undefined;
  }
}
