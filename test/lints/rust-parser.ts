import { createRequire } from "node:module";
import { type ParseRust, loadRustParser } from "#extension/lints/syntax/rust-parser";

const require = createRequire(import.meta.url);

/** The parser, from the packages as npm installed them. */
export function testParser(): Promise<ParseRust> {
  return loadRustParser({
    engine: require.resolve("web-tree-sitter/web-tree-sitter.wasm"),
    rust: require.resolve("tree-sitter-rust/tree-sitter-rust.wasm"),
  });
}
