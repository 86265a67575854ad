import { readFile } from "node:fs/promises";
import { Language, Parser } from "web-tree-sitter";
import { type SourceText, SyntaxNode } from "./node";

/** As far as it is used here; Node's types leave it to those of browsers. */
declare const WebAssembly: {
  instantiate(
    binary: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: object }; readonly module: object }>;
};

interface EngineMemory {
  readonly buffer: ArrayBuffer;
}

/** Where the two WebAssembly files lie: the parser's engine and the grammar of Rust. */
export interface GrammarFiles {
  readonly engine: string;
  readonly rust: string;
}

/** What lies deeper is left out: no code that a person wrote is that deep. */
const DEEPEST = 400;

/** A text that needs more calls back than this is none that a person wrote; tree-sitter asks about every hundred steps. */
const MOST_STEPS = 200_000;

/** A parsed item. Broken code has `ERROR` nodes in it, and is as complete as the parser could make it. */
export interface SyntaxTree {
  readonly root: SyntaxNode;
  /** Whether the grammar understood all of it. */
  readonly isWhole: boolean;
}

/** Gives the tree of a text; undefined if the text is beyond what can be parsed in bounded steps. */
export type ParseRust = (source: SourceText) => SyntaxTree | undefined;

type CursorCall = (tree: number) => number;

/** The engine's own functions. web-tree-sitter copies a cursor in and out at every call, which takes ten times as long. */
interface CursorCalls {
  readonly ts_init: () => number;
  readonly ts_tree_cursor_goto_first_child_wasm: CursorCall;
  readonly ts_tree_cursor_goto_next_sibling_wasm: CursorCall;
  readonly ts_tree_cursor_goto_parent_wasm: CursorCall;
  readonly ts_tree_cursor_current_node_type_id_wasm: CursorCall;
  readonly ts_tree_cursor_start_index_wasm: CursorCall;
  readonly ts_tree_cursor_end_index_wasm: CursorCall;
  readonly ts_tree_cursor_current_field_id_wasm: CursorCall;
}

interface Engine {
  readonly calls: CursorCalls;
  readonly memory: EngineMemory;
}

let engine: Promise<Engine> | undefined;

/** Loads engine and grammar. web-tree-sitter has one engine in a process, so a second call uses the first one's. */
export async function loadRustParser(files: GrammarFiles): Promise<ParseRust> {
  engine ??= startEngine(files.engine);
  const { calls, memory } = await engine;
  const language = await Language.load(await readFile(files.rust));
  const parser = new Parser();
  parser.setLanguage(language);
  const kinds = Array.from({ length: language.nodeTypeCount }, (_, id) => language.nodeTypeForId(id) ?? "");
  const isLeftOut = kinds.map((kind, id) => LEFT_OUT.has(kind) && !language.nodeTypeIsNamed(id));
  const fields = Array.from(
    { length: language.fieldCount + 1 },
    (_, id) => language.fieldNameForId(id) ?? "",
  );
  return (source) => {
    let steps = 0;
    const tree = parser.parse(source.text, null, { progressCallback: () => ++steps > MOST_STEPS });
    if (tree === null) {
      parser.reset();
      return undefined;
    }
    const cursor = tree.walk();
    const isWhole = !tree.rootNode.hasError;
    const root = copyTree({ source, kinds, isLeftOut, fields, calls, memory }, tree, cursor);
    cursor.delete();
    tree.delete();
    return { root, isWhole };
  };
}

async function startEngine(file: string): Promise<Engine> {
  const binary = await readFile(file);
  let started: Engine | undefined;
  await Parser.init({
    instantiateWasm(
      imports: { readonly env: { readonly memory: EngineMemory } },
      done: (...result: unknown[]) => void,
    ) {
      void WebAssembly.instantiate(binary, imports).then(({ instance, module }) => {
        started = {
          calls: instance.exports as CursorCalls,
          memory: imports.env.memory,
        };
        done(instance, module);
      });
      return {};
    },
  });
  return started!;
}

interface CopyContext {
  readonly source: SourceText;
  readonly kinds: readonly string[];
  /** Whether tokens of a kind, by its number, are left out. */
  readonly isLeftOut: readonly boolean[];
  readonly fields: readonly string[];
  readonly calls: CursorCalls;
  readonly memory: EngineMemory;
}

const COMMENTS = new Set(["line_comment", "block_comment"]);

/** Tokens that say no more than the kind of the node that they are in. They are a third of all nodes. */
const LEFT_OUT = new Set(", . : :: ( ) [ ] { } -> => = | let fn match if in else as".split(" "));

/** What is in these is read from their text. */
const CLOSED = new Set([
  "string_literal",
  "raw_string_literal",
  "char_literal",
  "attribute_item",
  ...COMMENTS,
]);

/** Copies a tree out of the engine's memory: comments, some tokens outside of macros, and what lies too deep are left out. */
function copyTree(
  { source, kinds, isLeftOut, fields, calls, memory }: CopyContext,
  tree: object,
  cursor: object,
): SyntaxNode {
  const address = (tree as Record<number, number>)[0]!;
  const buffer = new Int32Array(memory.buffer, calls.ts_init(), 4);
  for (let i = 0; i < 4; i++) buffer[i] = (cursor as Record<number, number>)[i]!;
  const make = (kind: number, parent: SyntaxNode | undefined) =>
    new SyntaxNode(
      kinds[kind] ?? "ERROR",
      calls.ts_tree_cursor_start_index_wasm(address),
      calls.ts_tree_cursor_end_index_wasm(address),
      fields[calls.ts_tree_cursor_current_field_id_wasm(address)]!,
      parent,
      source,
    );
  const root = make(calls.ts_tree_cursor_current_node_type_id_wasm(address), undefined);
  /** Children of the nodes whose last child has not been reached, and where those of each begin. */
  const open: SyntaxNode[] = [];
  const begins: number[] = [];
  let parent = root;
  let node: SyntaxNode | undefined = root;
  for (;;) {
    const goesDown = node !== undefined && begins.length < DEEPEST && !CLOSED.has(node.kind);
    if (goesDown && calls.ts_tree_cursor_goto_first_child_wasm(address) === 1) {
      begins.push(open.length);
      parent = node!;
    } else {
      while (calls.ts_tree_cursor_goto_next_sibling_wasm(address) !== 1) {
        const from = begins.pop();
        if (from === undefined) return root;
        if (open.length > from) parent.children = open.splice(from);
        if (parent.parent === undefined) return root;
        calls.ts_tree_cursor_goto_parent_wasm(address);
        parent = parent.parent;
      }
    }
    const kind = calls.ts_tree_cursor_current_node_type_id_wasm(address);
    const isNoNode = isLeftOut[kind] === true && parent.kind !== "token_tree";
    node = isNoNode ? undefined : make(kind, parent);
    if (node !== undefined && !COMMENTS.has(node.kind)) open.push(node);
  }
}
