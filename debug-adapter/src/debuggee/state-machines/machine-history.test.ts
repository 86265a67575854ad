import { describe, expect, it } from "vitest";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { Program } from "../../symbols/program";
import type { CoroutineState } from "../../symbols/types/coroutine";
import type { SuspensionIndex, TaskIndex } from "../../trace/event";
import type { Suspension } from "../../trace/trace";
import { chainPositions } from "./chain-positions";
import { machineHistory } from "./machine-history";
import { type Passage, Standing, type Stay } from "./task-passages";

const FILE = { path: "main.rs" } as NonNullable<CoroutineState["place"]>["file"];
const TASK = 0 as TaskIndex;

/** An async fn with a suspend point at each of the lines, which awaits what is given with it. */
function asyncFunction(
  name: string,
  ...points: readonly [line: number, awaited?: AsyncFunction][]
): AsyncFunction {
  const suspended = points.map(([line, awaited], i) => ({
    kind: "suspended",
    name: `Suspend${i}`,
    suspendPoint: i,
    place: { file: FILE, line, column: 0 },
    locals: [],
    awaitee: awaited === undefined ? undefined : { type: awaited.coroutine.type },
  }));
  const others = (["unresumed", "returned", "panicked"] as const).map((kind) => ({ kind, name: kind }));
  return {
    name,
    coroutine: { type: { name }, states: [...others, ...suspended] },
  } as unknown as AsyncFunction;
}

const nap = asyncFunction("nap", [50]);
const body = asyncFunction("body", [10, nap], [20, nap], [30]);
const all = [nap, body];
const program = {
  asyncFunctions: { ofType: (type: unknown) => all.find(({ coroutine }) => coroutine.type === type) },
} as unknown as Program;

function at(...frames: readonly (readonly [string, number])[]): Suspension {
  const named = frames.map(([name, line]) => ({ function: name, place: { file: "main.rs", line } }));
  return { place: null, awaiting: null, frames: named };
}

/** Rows of the trace's table of suspensions. */
const SUSPENSIONS = [
  undefined,
  at(["body", 10], ["nap", 50]),
  at(["body", 20], ["nap", 50]),
  at(["body", 30]),
];
const [FIRST, SECOND, THIRD] = [1, 2, 3];

function passage(from: number, to: number, count = 1): Passage {
  return { task: TASK, from, to, count, pollTime: 10 * count, lastAt: 100 };
}

function historyOf(machine: AsyncFunction, passages: readonly Passage[], stays: readonly Stay[] = []) {
  const trace = { suspension: (index: SuspensionIndex) => SUSPENSIONS[index] };
  const source = { passages: () => [...passages], stays: () => [...stays] };
  const history = machineHistory(machine, { program, trace, passages: source, bodyOf: () => body });
  const rows = [
    "unresumed",
    ...machine.coroutine.states.slice(3).map(({ name }) => name),
    "returned",
    "panicked",
  ];
  const nameOf = (row: number | undefined) => (row === undefined ? "?" : rows[row]);
  const transitions = history.transitions.map(
    ({ from, to, count, isCertain }) =>
      `${nameOf(from)} -> ${nameOf(to)} ${count}${isCertain ? "" : " perhaps"}`,
  );
  return { ...history, transitions };
}

describe("machineHistory", () => {
  it("knows each transition of the body of a task", () => {
    const passages = [
      passage(Standing.Unresumed, FIRST),
      passage(FIRST, SECOND, 4),
      passage(SECOND, THIRD, 2),
    ];
    const { isTaskBody, transitions } = historyOf(body, [...passages, passage(THIRD, Standing.Returned)]);
    expect(isTaskBody).toBe(true);
    expect(transitions).toEqual([
      "unresumed -> Suspend0 1",
      "Suspend0 -> Suspend1 4",
      "Suspend1 -> Suspend2 2",
      "Suspend2 -> returned 1",
    ]);
  });

  it("counts polls that end nobody knows where", () => {
    const { transitions, unknownPolls } = historyOf(body, [passage(FIRST, Standing.Unknown, 3)]);
    expect(transitions).toEqual(["Suspend0 -> ? 3"]);
    expect(unknownPolls).toBe(3);
  });

  it("knows that what was awaited has ended where the await was passed, and began where it was reached", () => {
    expect(historyOf(nap, [passage(Standing.Unresumed, FIRST)]).transitions).toEqual([
      "unresumed -> Suspend0 1",
    ]);
    expect(historyOf(nap, [passage(FIRST, SECOND)]).transitions).toEqual([
      "Suspend0 -> returned 1",
      "unresumed -> Suspend0 1",
    ]);
    expect(historyOf(nap, [passage(SECOND, THIRD)]).transitions).toEqual(["Suspend0 -> returned 1"]);
  });

  it("does not take two futures at one await for one", () => {
    const { isTaskBody, transitions } = historyOf(nap, [passage(FIRST, FIRST, 5)]);
    expect(isTaskBody).toBe(false);
    expect(transitions).toEqual(["Suspend0 -> Suspend0 5 perhaps"]);
  });

  it("claims nothing of what was awaited where the poll ended nobody knows where", () => {
    expect(historyOf(nap, [passage(FIRST, Standing.Unknown)]).transitions).toEqual([
      "Suspend0 -> ? 1 perhaps",
    ]);
    expect(historyOf(nap, [passage(Standing.Unknown, FIRST)]).transitions).toEqual([
      "? -> Suspend0 1 perhaps",
    ]);
  });

  it("adds up stays, with who woke the task there", () => {
    const stay = (where: number, count: number, wakes: number): Stay => ({
      task: TASK,
      at: where,
      count,
      time: count * 100,
      wokenBy: new Map([[64, wakes]]),
    });
    const { stays } = historyOf(nap, [], [stay(FIRST, 2, 2), stay(SECOND, 3, 1), stay(THIRD, 9, 9)]);
    expect(stays).toEqual([{ row: 1, count: 5, time: 500, wokenBy: new Map([[64, 3]]) }]);
  });
});

describe("chainPositions", () => {
  it("does not tell apart two awaits of one line, nor where they lead", () => {
    const other = asyncFunction("nap", [50]);
    const twice = asyncFunction("twice", [10, nap], [10, other]);
    all.push(other, twice);
    const frames = SUSPENSIONS[FIRST]!.frames.map((frame, i) =>
      i === 0 ? { ...frame, function: "twice" } : frame,
    );
    const { positions, isWhole } = chainPositions(twice, frames, program);
    expect(positions.map(({ row }) => row)).toEqual([undefined]);
    expect(isWhole).toBe(false);
  });
});
