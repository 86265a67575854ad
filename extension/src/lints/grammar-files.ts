import { join } from "node:path";
import type { GrammarFiles } from "./syntax/rust-parser";

/** The WebAssembly files as the build puts them beside the bundles. */
export function grammarFilesIn(folder: string): GrammarFiles {
  return { engine: join(folder, "web-tree-sitter.wasm"), rust: join(folder, "tree-sitter-rust.wasm") };
}
