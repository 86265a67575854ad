import type { AsyncFunction } from "../../symbols/async-functions";
import type { Program } from "../../symbols/program";
import type { SuspensionIndex, TaskIndex } from "../../trace/event";
import type { Trace } from "../../trace/trace";
import { type ChainPosition, chainPositions } from "./chain-positions";
import { rowOfKind } from "./machine-states";
import { type Passage, Standing, type Stay, type TaskPassages } from "./task-passages";

/** Polls that have found a state machine in one state and left it in another. */
export interface MachineTransition {
  /** Rows of states; undefined: not known. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly count: number;
  /** Of the whole polls, from begin to end, in nanoseconds. */
  readonly pollTime: number;
  readonly lastAt: number;
  /**
   * Whether it was one future that went from here to there. Otherwise the two ends of polls show only that a future of
   * this function stood here, and then one stood there: it may have ended and begun anew in between.
   */
  readonly isCertain: boolean;
}

/** How often and how long a state machine stood in a state. */
export interface StateStay {
  readonly row: number;
  readonly count: number;
  /** In nanoseconds, until the poll that took it on. */
  readonly time: number;
  /** By the payload of the wake. */
  readonly wokenBy: ReadonlyMap<number, number>;
}

/** What a trace tells of one async function. */
export interface MachineHistory {
  /** Whether tasks have it as their body: then each of its transitions is known. */
  readonly isTaskBody: boolean;
  readonly transitions: readonly MachineTransition[];
  readonly stays: readonly StateStay[];
  /** Polls of its tasks behind which it is not known where they stood. */
  readonly unknownPolls: number;
}

export interface HistorySource {
  readonly program: Program;
  readonly trace: Pick<Trace, "suspension">;
  readonly passages: Pick<TaskPassages, "passages" | "stays">;
  /** The async function that a task's future is made by. */
  bodyOf(task: TaskIndex): AsyncFunction | undefined;
}

export function machineHistory(machine: AsyncFunction, source: HistorySource): MachineHistory {
  const fold = new HistoryFold(machine, source);
  for (const passage of source.passages.passages()) fold.addPassage(passage);
  for (const stay of source.passages.stays()) fold.addStay(stay);
  return fold.result();
}

/** Where a machine stands in the await chain of a task. */
export interface MachinePosition extends Pick<ChainPosition, "row" | "path"> {
  /** Whether it is the task's own body. */
  readonly isBody: boolean;
}

/** Where a task's futures of one function stand. */
interface Positions {
  readonly found: readonly MachinePosition[];
  /** Whether there are no others in the chain of awaits. */
  readonly areAll: boolean;
}

/** The positions of a machine in the future of a task that stands somewhere (`Standing`, or a suspension). */
export function positionsAt(
  machine: AsyncFunction,
  task: TaskIndex,
  at: number,
  { program, trace, bodyOf }: Omit<HistorySource, "passages">,
): Positions {
  const body = bodyOf(task);
  if (body === undefined) return { found: [], areAll: false };
  const own = (row: number | undefined): Positions => ({
    found: body === machine ? [{ row, path: "", isBody: true }] : [],
    areAll: row !== undefined,
  });
  if (at === Standing.Unresumed) return own(rowOfKind(body, "unresumed"));
  if (at === Standing.Returned) return own(rowOfKind(body, "returned"));
  const suspension = trace.suspension(at as SuspensionIndex);
  if (suspension === undefined) return own(undefined);
  const { positions, isWhole } = chainPositions(body, suspension.frames, program);
  const found = positions.flatMap(({ body: each, row, path }, depth) =>
    each === machine ? [{ row, path, isBody: depth === 0 }] : [],
  );
  return { found, areAll: isWhole };
}

class HistoryFold {
  private readonly transitions = new Map<
    string,
    { -readonly [K in keyof MachineTransition]: MachineTransition[K] }
  >();
  private readonly stays = new Map<
    number,
    { row: number; count: number; time: number; wokenBy: Map<number, number> }
  >();
  private isTaskBody = false;
  private unknownPolls = 0;

  constructor(
    private readonly machine: AsyncFunction,
    private readonly source: HistorySource,
  ) {}

  result(): MachineHistory {
    return {
      isTaskBody: this.isTaskBody,
      transitions: [...this.transitions.values()],
      stays: [...this.stays.values()],
      unknownPolls: this.unknownPolls,
    };
  }

  addPassage(passage: Passage): void {
    const { task } = passage;
    const before = positionsAt(this.machine, task, passage.from, this.source);
    const behind = positionsAt(this.machine, task, passage.to, this.source);
    for (const from of before.found) {
      const to = behind.found.find(({ path }) => path === from.path);
      if (from.isBody) this.count(passage, { from: from.row, to: to?.row, isCertain: true });
      else if (to !== undefined) this.count(passage, { from: from.row, to: to.row, isCertain: false });
      // Who has gone on behind an await was told Ready by what it awaited.
      else if (behind.areAll) this.count(passage, { from: from.row, to: this.end, isCertain: true });
      else this.count(passage, { from: from.row, to: undefined, isCertain: false });
    }
    for (const to of behind.found) {
      if (to.isBody) this.noteBody(passage, to.row);
      if (before.found.some(({ path }) => path === to.path)) continue;
      // What was not there before has begun in this poll.
      const from = before.areAll && !to.isBody ? this.beginning : undefined;
      this.count(passage, { from, to: to.row, isCertain: from !== undefined });
    }
  }

  addStay({ task, at, count, time, wokenBy }: Stay): void {
    for (const { row } of positionsAt(this.machine, task, at, this.source).found) {
      if (row === undefined) continue;
      const stay = this.stays.get(row) ?? { row, count: 0, time: 0, wokenBy: new Map<number, number>() };
      this.stays.set(row, stay);
      stay.count += count;
      stay.time += time;
      for (const [payload, wakes] of wokenBy)
        stay.wokenBy.set(payload, (stay.wokenBy.get(payload) ?? 0) + wakes);
    }
  }

  private get beginning(): number | undefined {
    return rowOfKind(this.machine, "unresumed");
  }

  private get end(): number | undefined {
    return rowOfKind(this.machine, "returned");
  }

  private noteBody({ count }: Passage, row: number | undefined): void {
    this.isTaskBody = true;
    if (row === undefined) this.unknownPolls += count;
  }

  private count(
    { count, pollTime, lastAt }: Passage,
    { from, to, isCertain }: Pick<MachineTransition, "from" | "to" | "isCertain">,
  ): void {
    const key = `${from}>${to}>${isCertain}`;
    const known = this.transitions.get(key);
    if (known === undefined) {
      this.transitions.set(key, { from, to, count, pollTime, lastAt, isCertain });
      return;
    }
    known.count += count;
    known.pollTime += pollTime;
    known.lastAt = Math.max(known.lastAt, lastAt);
  }
}
