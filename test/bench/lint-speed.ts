import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Language, Parser, type Tree } from "web-tree-sitter";
import { Linter } from "#extension/lints/linter";
import { RULES } from "#extension/lints/rules";
import { rustFilesIn } from "#extension/lints/rust-files";
import { loadRustParser } from "#extension/lints/syntax/rust-parser";
import { type Line, digits, quantity } from "./line";
import { median, spentOn } from "./measure";

const LINES = 10_000;
const WARM_UP = 3;
const ROUNDS = 15;
/** Keystrokes that are timed together, since the clock of one thread is too coarse for one. */
const KEYSTROKES = 20;

/** Milliseconds in which a file has to be linted at first, and after a keystroke. */
const FIRST_GOAL = 100;
const KEYSTROKE_GOAL = 5;

const PACKAGES = resolve("node_modules");
const FILES = {
  engine: resolve(PACKAGES, "web-tree-sitter/web-tree-sitter.wasm"),
  rust: resolve(PACKAGES, "tree-sitter-rust/tree-sitter-rust.wasm"),
};

/** Lints a file of 10,000 lines, and again after each keystroke, against tree-sitter alone on the same file. */
export async function lintSpeed(): Promise<Line[]> {
  const parse = await loadRustParser(FILES);
  const plain = new Parser();
  plain.setLanguage(await Language.load(readFileSync(FILES.rust)));
  const text = longSource();
  const first = await compare(
    () => {
      const linter = new Linter(parse, RULES);
      linter.put("main.rs", text);
      linter.findings("main.rs");
    },
    () => plain.parse(text)!.delete(),
  );
  const typed = await keystrokes(new Linter(parse, RULES), plain, text);
  return [
    line("lint 10,000 lines, first pass", first, FIRST_GOAL),
    line("lint 10,000 lines, after a keystroke", typed, KEYSTROKE_GOAL),
  ];
}

interface Times {
  readonly ours: number;
  readonly theirs: number;
}

/** Of the thread that lints: what somebody who types waits for. V8 compiles and collects garbage in others as well. */
async function threadSeconds(work: () => void): Promise<number> {
  return (await spentOn(work)).main;
}

async function compare(ours: () => void, theirs: () => void): Promise<Times[]> {
  const times: Times[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const pair =
      round % 2 === 0
        ? [await threadSeconds(ours), await threadSeconds(theirs)]
        : [await threadSeconds(theirs), await threadSeconds(ours)].toReversed();
    if (round >= WARM_UP) times.push({ ours: pair[0]!, theirs: pair[1]! });
  }
  return times;
}

/** Types into bodies of functions all over the file, a digit at a time. */
async function keystrokes(linter: Linter, parser: Parser, source: string): Promise<Times[]> {
  const places = [...source.matchAll(/\b\d+(?=[),;])/g)].map(({ index }) => index);
  linter.put("main.rs", source);
  linter.findings("main.rs");
  const typedAt: number[] = [];
  let text = source;
  let tree = parser.parse(text)!;
  const times: Times[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const typed = Array.from({ length: KEYSTROKES }, (_, i) => {
      const nth = (round * KEYSTROKES + i) * 0.618;
      const place = places[Math.floor((places.length * nth) % places.length)]!;
      // What was typed before it has moved it.
      const at = place + typedAt.filter((each) => each <= place).length;
      typedAt.push(place);
      text = `${text.slice(0, at)}1${text.slice(at)}`;
      const row = text.slice(0, at).split("\n").length - 1;
      return { text, at, row, column: at - text.lastIndexOf("\n", at - 1) - 1 };
    });
    const ours = await threadSeconds(() => {
      for (const each of typed) {
        linter.put("main.rs", each.text);
        linter.findings("main.rs");
      }
    });
    const theirs = await threadSeconds(() => {
      for (const each of typed) tree = parsedAgain(parser, tree, each);
    });
    if (round >= WARM_UP) times.push({ ours: ours / KEYSTROKES, theirs: theirs / KEYSTROKES });
  }
  return times;
}

interface Keystroke {
  readonly text: string;
  readonly at: number;
  readonly row: number;
  readonly column: number;
}

function parsedAgain(parser: Parser, tree: Tree, { text, at, row, column }: Keystroke): Tree {
  const place = { row, column };
  tree.edit({
    startIndex: at,
    oldEndIndex: at,
    newEndIndex: at + 1,
    startPosition: place,
    oldEndPosition: place,
    newEndPosition: { row, column: column + 1 },
  } as never);
  const next = parser.parse(text, tree)!;
  tree.delete();
  return next;
}

/** Sources of samples and of the tests' firmware, over and over, with other names each time, so that no item is like another. */
function longSource(): string {
  const sources = ["samples", "test/firmware"]
    .flatMap((folder) => [...rustFilesIn(folder)])
    .map((file) => readFileSync(file, "utf8"));
  const lines: string[] = [];
  for (let copy = 0; lines.length < LINES; copy++) {
    const source = sources[copy % sources.length]!;
    lines.push(
      ...source
        .replaceAll(/\b(fn|static|struct|const) (\w+)/g, `$1 $2_${copy}`)
        .replaceAll(/^#!\[[^\]]*\]$/gm, "")
        .split("\n"),
    );
  }
  return lines.join("\n");
}

function line(what: string, times: readonly Times[], goal: number): Line {
  const ours = median(times.map((each) => each.ours)) * 1e3;
  const theirs = median(times.map((each) => each.theirs)) * 1e3;
  const ratio = median(times.map((each) => each.ours / each.theirs));
  return {
    what,
    ours: quantity(ours, "ms"),
    yardstick: `${quantity(theirs, "ms")} tree-sitter alone`,
    ratio: digits(ratio),
    goal: `<= ${goal} ms`,
    isMet: ours <= goal,
  };
}
