import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import { Stepping } from "#adapter/debuggee/stepping/stepping";
import type { AsyncFunction } from "#adapter/symbols/async-functions";
import { ProgramFunction } from "#adapter/symbols/function";
import { type ExecutedRow, LineRecorder } from "#test/helpers/line-recorder";
import { type LoopLines, loopsIn } from "#test/helpers/rust-loops";
import { DEV_FIRMWARE, perform, placeOfCore, poweredOn, sourceText } from "#test/helpers/stepping";

/** How long, in the firmware's time, a body is waited for, and a step may take. */
const PATIENCE = nanoseconds(1.5e9);
const MOST_STEPS = 24;

/** What must hold of a step from one stop of a future to the next. */
interface StepFacts {
  readonly from: number;
  /** The line at which it ended; undefined if it left the body. */
  readonly to: number | undefined;
  /** The rows that the same future has executed on the way, that of the new stop included. */
  readonly executed: readonly ExecutedRow[];
}

describe("step over in dev builds", { timeout: 240_000 }, () => {
  it.each(DEV_FIRMWARE)("keeps to the order of the source and skips no line in %s", async (path) => {
    const { firmware } = await poweredOn(path);
    const bodies = firmware.program.asyncFunctions.all.filter(
      ({ declaration, body }) => declaration?.file.origin.kind === "own" && body instanceof ProgramFunction,
    );
    expect(bodies.length).toBeGreaterThan(0);
    let steps = 0;
    for (const body of bodies) steps += await walk(await poweredOn(path), body);
    expect(steps).toBeGreaterThan(0);
  });
});

/** Steps over from the first line of a body, and checks each step. Resolves with how many there were. */
async function walk(debuggee: Debuggee, asyncFunction: AsyncFunction): Promise<number> {
  const body = asyncFunction.body as ProgramFunction;
  const recorder = new LineRecorder(debuggee, body);
  const stepping = new Stepping(debuggee);
  const source = sourceText(body.declaration!.file.path);
  const head = asyncFunction.declaration!.line;
  if (!(await reachFirstLine(debuggee, body, head))) return 0;
  const self = recorder.executed.at(-1)!.self;
  const history: ExecutedRow[] = recorder.executed.splice(0).filter((row) => row.self === self);
  let line = (await placeOfCore(debuggee)).line;
  let steps = 0;
  for (; steps < MOST_STEPS; steps++) {
    const task = debuggee.taskEvents.polledTask;
    const subject = task === undefined ? ({ kind: "core" } as const) : ({ kind: "task", task } as const);
    const { cause } = await perform(debuggee, stepping.over(subject), PATIENCE);
    const place = await placeOfCore(debuggee);
    const executed = recorder.executed.splice(0).filter((row) => row.self === self);
    const isInside = cause.kind === "step" && cause.event === undefined && place.name === body.name;
    const facts = { from: line, to: isInside ? place.line : undefined, executed };
    const title = `${basename(body.declaration!.file.path)} ${asyncFunction.name}, step ${steps} from ${line}`;
    checkStep(facts, { history, loops: loopsIn(source), head, title });
    history.push(...executed);
    if (!isInside) break;
    line = place.line;
  }
  debuggee.dispose();
  return steps;
}

/** Runs to the first line of a body behind its head; false if it is not executed. */
async function reachFirstLine(debuggee: Debuggee, body: ProgramFunction, head: number): Promise<boolean> {
  const { lines } = debuggee.firmware.program;
  const rows = body.ranges.flatMap(({ start, end }) => [...lines.rowsBetween(start as never, end as never)]);
  const places = rows.filter(
    (row) => row.isStatement && row.line !== 0 && row.line !== head && row.file === body.declaration!.file,
  );
  const { cause } = await perform(
    debuggee,
    async (runner) => {
      const end = await runner.runTo(places);
      return end.kind === "stopped" ? end.cause : { kind: "step" };
    },
    PATIENCE,
  );
  return cause.kind === "step";
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
    const isNew = row.line > from && row.line !== head;
    const isAgain = row.line < from && row.line !== head && beginnings.get(row.line) === row.address;
    expect(isNew || isAgain, `${title} passes line ${row.line}`).toBe(false);
  }
  if (to === undefined) return;
  expect(executed.at(-1)?.line, `${title} ends where the body is`).toBe(to);
  if (to > from) return;
  const isInLoop = loops.some(({ first, last }) => first <= to && from <= last);
  expect(isInLoop, `${title} goes back to line ${to}`).toBe(true);
}
