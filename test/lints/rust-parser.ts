import { copyFileSync, mkdirSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { grammarFilesIn } from "#extension/lints/grammar-files";
import { type ParseRust, loadRustParser } from "#extension/lints/syntax/rust-parser";

const require = createRequire(import.meta.url);

/** A folder with the parser's files under the names that the build gives them, from the packages as npm installed them. */
export const grammarFolder = join(import.meta.dirname, "../../node_modules/.cache/pollscope-grammar");

mkdirSync(grammarFolder, { recursive: true });
const files = grammarFilesIn(grammarFolder);
place("web-tree-sitter/web-tree-sitter.wasm", files.engine);
place("tree-sitter-rust/tree-sitter-rust.wasm", files.rust);

/** In one step: another process of the tests may be reading the file that is there. */
function place(from: string, to: string): void {
  const whole = `${to}.${process.pid}`;
  copyFileSync(require.resolve(from), whole);
  renameSync(whole, to);
}

export function testParser(): Promise<ParseRust> {
  return loadRustParser(files);
}
