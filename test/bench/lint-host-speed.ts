import { readFileSync } from "node:fs";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import type { FromLinter, ShownFinding } from "#extension/lint-editor/lint-messages";
import { sourcesInRule } from "#extension/layouts/built-programs";
import type { FutureLayout } from "#extension/layouts/layout-facts";
import { lensText } from "#extension/layouts/lens-text";
import { type SourceText, builtSource, placeFutures, sourceText } from "#extension/layouts/place-futures";
import { rustFilesIn } from "#extension/lints/rust-files";
import { type Line, digits, quantity } from "./line";
import { median, spentOn } from "./measure";

/** Characters of the file that is open, files of the workspace, findings of a file (VS Code shows no more). */
const CHARACTERS = 1_000_000;
const FILES = 3000;
const FINDINGS = 1000;

const WARM_UP = 3;
const ROUNDS = 15;
/** Each piece is done so often in a round, since the clock of one thread is coarse. */
const TIMES = 5;

/** Milliseconds that the extension host may be kept from other work. */
const GOAL = 10;

/**
 * What runs in VS Code's extension host, piece by piece, each of which runs through before anything else: what lints and
 * layouts of a file of a megabyte, in a workspace of 3,000 files, need on that side of their threads.
 */
export async function lintHostSpeed(): Promise<Line[]> {
  const text = longText();
  const changed = text.replace("{", "{ ");
  const built = builtSource(text);
  const present = sourceText(FILE, changed, built);
  const futures = futuresIn(text);
  const rule = `program: ${Array.from({ length: FILES }, (_, i) => `/workspace/some/crate/src/module_${i}.rs`).join(" ")}\n`;
  const { port1, port2 } = new MessageChannel();
  const post = (message: unknown) => {
    port1.postMessage(message);
    return receiveMessageOnPort(port2);
  };
  const answer = { kind: "findings", file: FILE, version: 1, findings: findings() } satisfies FromLinter;
  const pieces: Readonly<Record<string, () => unknown>> = {
    "posting the document": () => port1.postMessage({ kind: "open", file: FILE, version: 1, text }),
    "taking in its findings": () => post(answer),
    "taking the built text apart": () => builtSource(text),
    "taking the present text apart": () => sourceText(FILE, changed, built),
    "placing futures, as built": () => lenses(futures, sourceText(FILE, text, built)),
    "placing futures, changed since": () => lenses(futures, present),
    "reading what cargo has built it from": () => sourcesInRule(rule, "/workspace"),
  };
  const times = new Map<string, number[]>();
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const [name, work] of Object.entries(pieces)) {
      const { main } = await spentOn(() => {
        for (let i = 0; i < TIMES; i++) work();
      });
      while (receiveMessageOnPort(port2) !== undefined) continue;
      if (round >= WARM_UP) times.set(name, [...(times.get(name) ?? []), (main * 1e3) / TIMES]);
    }
  }
  port1.close();
  const medians = [...times].map(([name, each]) => ({ name, ms: median(each) }));
  const longest = medians.reduce((a, b) => (a.ms >= b.ms ? a : b));
  return [
    {
      what: `extension host, 1 MB, ${FILES} files: ${longest.name}`,
      ours: quantity(longest.ms, "ms"),
      yardstick: `${GOAL} ms for one piece`,
      ratio: digits(longest.ms / GOAL),
      goal: `<= ${GOAL} ms`,
      isMet: longest.ms <= GOAL,
    },
  ];
}

const FILE = "/workspace/src/main.rs";

/** Sources of samples, over and over, with other names of functions each time. */
function longText(): string {
  const sources = [...rustFilesIn("samples")].map((file) => readFileSync(file, "utf8"));
  let text = "";
  for (let i = 0; text.length < CHARACTERS; i++) {
    text += sources[i % sources.length]!.replaceAll(/\bfn (\w+)/g, `fn $1_${i}`);
  }
  return text;
}

/** A future for each async function of the text, with a suspend point for each of its lines that awaits. */
function futuresIn(text: string): FutureLayout[] {
  const lines = text.split("\n");
  const futures: FutureLayout[] = [];
  for (const [i, line] of lines.entries()) {
    const name = /^\s*(?:pub )?async fn (\w+)/.exec(line)?.[1];
    if (name === undefined) continue;
    const end = lines.findIndex((each, k) => k > i && each === "}");
    const awaits = lines.flatMap((each, k) => (k > i && k < end && each.includes(".await") ? [k + 1] : []));
    futures.push({
      kind: "fn",
      name: `app::${name}`,
      generics: "",
      crate: "app",
      isOwn: true,
      task: null,
      place: { file: FILE, line: i + 1 },
      endLine: end + 1,
      bytes: 64,
      alignment: 4,
      states: awaits.map((at, nth) => ({
        kind: "suspended",
        name: `Suspend${nth}`,
        place: { file: FILE, line: at },
        saved: [],
        bytes: 8,
      })),
      tasks: 1,
    });
  }
  return futures;
}

/** What lenses and hovers do with them. */
function lenses(futures: readonly FutureLayout[], text: SourceText): string[] {
  const placed = placeFutures({ futures }, text);
  placed.pointsOn(1);
  return placed.functions.map(lensText);
}

function findings(): ShownFinding[] {
  const range = { start: { line: 10, column: 4 }, end: { line: 10, column: 9 } };
  return Array.from({ length: FINDINGS }, (_, i) => ({
    code: "guard-across-await",
    severity: "warning",
    message: `\`guard_${i}\` is a std::sync::MutexGuard and is held across an await: whoever wants the lock blocks`,
    range,
    related: [{ file: FILE, range, message: "the task may be parked here" }],
    fixes: [{ title: "Drop it before the await", isSafe: true, edits: [{ range, text: "drop(guard);\n" }] }],
  }));
}
