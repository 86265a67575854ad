import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { type Address, address, type Nanoseconds, nanoseconds } from "#adapter/base/brand";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import type { StopCause } from "#adapter/debuggee/run-control/stop";
import { Stepping } from "#adapter/debuggee/stepping/stepping";
import { ProgramFunction } from "#adapter/symbols/function";
import { expectGolden } from "#test/helpers/golden";
import { type ExecutedRow, LineRecorder } from "#test/helpers/line-recorder";
import { type LoopLines, loopsIn } from "#test/helpers/rust-loops";
import {
  type CorePlace,
  DEV_FIRMWARE,
  perform,
  placeOfCore,
  poweredOn,
  sourceText,
} from "#test/helpers/stepping";

/** How long after power-on, in the firmware's time, lines are waited for, and how long a step may take. */
const SHORT = { window: nanoseconds(2e9), patience: nanoseconds(1.5e9) };
/** Waits 5 s for a button before it says so. */
const LONG = { window: nanoseconds(8e9), patience: nanoseconds(6e9) };
/** How often a line is stepped from: a loop may take another way the next time. */
const MOST_VISITS = 4;

/** What must hold of a step from one stop of a future to the next. */
interface StepFacts {
  readonly from: number;
  /** The line at which it ended; undefined if it left the body. */
  readonly to: number | undefined;
  /** The rows that the same future has executed on the way, that of the new stop included. */
  readonly executed: readonly ExecutedRow[];
}

/** An async body of the user's that has code of its own, and what was stepped there. */
interface WalkedBody {
  readonly name: string;
  readonly body: ProgramFunction;
  readonly head: number;
  readonly source: string;
  /** The beginnings of statements in the file of the body, by line. */
  readonly lines: ReadonlyMap<number, readonly Address[]>;
  /** For each line that was stepped from, how the steps have ended: at a line of the body, or what happened instead. */
  readonly steps: Map<number, (number | string)[]>;
}

describe("step over in dev builds", { timeout: 240_000 }, () => {
  it.each(DEV_FIRMWARE)(
    "keeps to the order of the source from every line that is executed, in %s",
    async (path) => {
      const bodies = bodiesOf(await poweredOn(path));
      expect(bodies.length).toBeGreaterThan(0);
      const times = path.includes("button-or-timeout") ? LONG : SHORT;
      let steps: number;
      // What is executed while something else is stepped may not come again: then from power-on, for what is missing.
      do steps = await walk(await poweredOn(path), bodies, times);
      while (steps > 0);
      const name = basename(path, ".elf");
      expectGolden(`stepping/lines/${name}.txt`, bodies.map(reportText).join("\n"));
    },
  );
});

function bodiesOf({ firmware: { program } }: Debuggee): WalkedBody[] {
  return program.asyncFunctions.all.flatMap(({ name, declaration, body }) => {
    if (declaration?.file.origin.kind !== "own" || !(body instanceof ProgramFunction)) return [];
    const lines = new Map<number, Address[]>();
    for (const { start, end } of body.ranges) {
      for (const row of program.lines.rowsBetween(address(start), address(end))) {
        // Before the prologue has ended, nothing can be told of the function.
        const isBeginning = row.isStatement && row.line !== 0 && row.address !== body.address;
        if (!isBeginning || row.file !== declaration.file) continue;
        lines.set(row.line, [...(lines.get(row.line) ?? []), row.address]);
      }
    }
    const source = sourceText(declaration.file.path);
    return [{ name, body, head: declaration.line, source, lines, steps: new Map() }];
  });
}

/** Steps over from whichever lines are come to and were not stepped from yet. Resolves with how many steps there were. */
async function walk(
  debuggee: Debuggee,
  bodies: readonly WalkedBody[],
  { window, patience }: typeof SHORT,
): Promise<number> {
  const walkers = bodies.map((body) => new Walker(debuggee, body));
  const stepping = new Stepping(debuggee);
  let steps = 0;
  while (await reachNewLine(debuggee, bodies, window)) {
    const { name, line: first } = await placeOfCore(debuggee);
    let line = first;
    const walker = walkers.find((each) => each.walked.body.name === name)!;
    walker.begin();
    for (;;) {
      const task = debuggee.taskEvents.polledTask;
      const subject = task === undefined ? ({ kind: "core" } as const) : ({ kind: "task", task } as const);
      const { cause } = await perform(debuggee, stepping.over(subject), patience);
      const place = await placeOfCore(debuggee);
      const isInside = cause.kind === "step" && cause.event === undefined && place.name === name;
      const visits = walker.check(line, isInside ? place.line : elsewhere(cause, place));
      steps++;
      if (visits === undefined || visits >= MOST_VISITS) break;
      line = place.line;
    }
  }
  debuggee.dispose();
  return steps;
}

/** How a step has ended that left the body, or did not end in time. */
function elsewhere(cause: StopCause, { name, file, line }: CorePlace): string {
  if (cause.kind !== "step") return cause.kind === "time" ? "nothing in time" : cause.kind;
  return cause.event ?? (file === "" ? name : `${basename(file)}:${line}`);
}

/** Runs to a line that was not stepped from yet; false if none is executed in time. */
async function reachNewLine(
  debuggee: Debuggee,
  bodies: readonly WalkedBody[],
  window: Nanoseconds,
): Promise<boolean> {
  const places = bodies.flatMap(({ lines, steps }) =>
    Array.from(lines).flatMap(([line, all]) => (steps.has(line) ? [] : all.map((at) => ({ address: at })))),
  );
  const most = window - debuggee.target.now;
  if (places.length === 0 || most <= 0) return false;
  const { cause } = await perform(
    debuggee,
    async (runner) => {
      const end = await runner.runTo(places);
      return end.kind === "stopped" ? end.cause : { kind: "step" };
    },
    nanoseconds(most),
  );
  return cause.kind === "step";
}

/** Checks the steps of the futures of one body. */
class Walker {
  private readonly recorder: LineRecorder;
  private readonly loops: readonly LoopLines[];
  private self = 0;
  /** How many of the recorded rows are history. */
  private seen = 0;

  constructor(
    debuggee: Debuggee,
    readonly walked: WalkedBody,
  ) {
    this.recorder = new LineRecorder(debuggee, walked.body);
    this.loops = loopsIn(walked.source);
  }

  /** The future that stands at a line now is stepped. */
  begin(): void {
    const { executed } = this.recorder;
    this.self = executed.at(-1)!.self;
    this.seen = executed.length;
  }

  /** Tells how often the line at which the step has ended was stepped from; undefined if it left the body. */
  check(from: number, end: number | string): number | undefined {
    const { recorder, loops, self, walked } = this;
    const { name, body, head, steps } = walked;
    const ofSelf = (row: ExecutedRow) => row.self === self;
    const history = recorder.executed.slice(0, this.seen).filter(ofSelf);
    const executed = recorder.executed.slice(this.seen).filter(ofSelf);
    this.seen = recorder.executed.length;
    const title = `${basename(body.declaration!.file.path)} ${name}, step from ${from}`;
    const to = typeof end === "number" ? end : undefined;
    checkStep({ from, to, executed }, { history, loops, head, title });
    const known = steps.get(from) ?? [];
    steps.set(from, [...known, end]);
    return to === undefined ? undefined : (steps.get(to)?.length ?? 0);
  }
}

/** Where the steps from each line went, and the lines that were never come to. */
function reportText({ name, body, source, lines, steps }: WalkedBody): string {
  const text = source.split("\n");
  const all = [...lines.keys()].sort((first, second) => first - second);
  const rows = all.map((line) => {
    const ends = [...new Set(steps.get(line))];
    const end = ends.length > 0 ? `over to ${ends.join(" or ")}` : "never reached";
    return `  ${String(line).padEnd(4)} ${text[line - 1]?.trim()}\n         ${end}`;
  });
  return `${name} in ${basename(body.declaration!.file.path)}\n${rows.join("\n")}\n`;
}

/** The rows by which lines were first come to from above: what is come to from below is the rest of a statement. */
function beginningsIn(history: readonly ExecutedRow[]): Map<number, number> {
  const beginnings = new Map<number, number>();
  let above = 0;
  for (const { line, address } of history) {
    if (line >= above && !beginnings.has(line)) beginnings.set(line, address);
    above = line;
  }
  return beginnings;
}

interface StepContext {
  readonly history: readonly ExecutedRow[];
  readonly loops: readonly LoopLines[];
  readonly head: number;
  readonly title: string;
}

/**
 * The step ends at the first line that is new in this pass: one further down that was not executed since, or one whose
 * own beginning is executed again.
 */
function checkStep({ from, to, executed }: StepFacts, { history, loops, head, title }: StepContext): void {
  const beginnings = beginningsIn(history);
  const passed = to === undefined ? executed : executed.slice(0, -1);
  for (const row of passed) {
    // Every poll comes by the head; what stands above is of a macro, and belongs to the line that uses it.
    const isInBody = row.line > head;
    const isNew = isInBody && row.line > from;
    const isAgain = isInBody && row.line < from && beginnings.get(row.line) === row.address;
    expect(isNew || isAgain, `${title} passes line ${row.line}`).toBe(false);
  }
  if (to === undefined) return;
  expect(executed.at(-1)?.line, `${title} ends where the body is`).toBe(to);
  if (to > from) return;
  const isInLoop = loops.some(({ first, last }) => first <= to && from <= last);
  expect(isInLoop, `${title} goes back to line ${to}`).toBe(true);
}
