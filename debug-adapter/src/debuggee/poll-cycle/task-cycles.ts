import { EventKind, NO_TASK, type TaskIndex, unpackPollEnd } from "../../trace/event";
import type { Trace } from "../../trace/trace";

/**
 * The last cycle of a task as rows of the trace; undefined for what has not happened, or not been seen.
 *
 *     parked ----> readied ----> begin ----> end
 *     last poll's  wake, or      the poll    what it
 *     end          spawn                     returned
 */
export interface TaskCycle {
  readonly parked: number | undefined;
  /** The first wake since, or the spawn. */
  readonly readied: number | undefined;
  readonly begin: number | undefined;
  readonly end: number | undefined;
  /** The first wake in the poll: the task is ready again as soon as the poll has returned. */
  readonly again: number | undefined;
  /** Whether its future has returned. */
  readonly hasEnded: boolean;
  /** How many polls of the task have begun so far, this one among them. */
  readonly polls: number;
}

type Draft = { -readonly [Key in keyof TaskCycle]: TaskCycle[Key] };

/**
 * Follows where in their cycles the tasks of a trace are. A wake of a parked task begins another cycle; one that comes
 * in a poll does so when the next poll begins. It reads only what was added since it was asked last.
 */
export class TaskCycles {
  private readonly cycles = new Map<TaskIndex, Draft>();
  private latest: TaskIndex | undefined;
  private rowsRead = 0;

  constructor(private readonly trace: Trace) {}

  /** Undefined for a task that nothing has happened to. */
  of(task: TaskIndex): TaskCycle | undefined {
    this.catchUp();
    return this.cycles.get(task);
  }

  /** The task that something has happened to last. */
  lastTask(): TaskIndex | undefined {
    this.catchUp();
    return this.latest;
  }

  private catchUp(): void {
    const { events } = this.trace;
    for (; this.rowsRead < events.length; this.rowsRead++) {
      const task = events.task(this.rowsRead);
      if (task !== NO_TASK) this.add(task, this.rowsRead);
    }
  }

  private add(task: TaskIndex, row: number): void {
    this.latest = task;
    let cycle = this.cycles.get(task);
    if (cycle === undefined) {
      cycle = { ...nothing(), polls: 0 };
      this.cycles.set(task, cycle);
    }
    switch (this.trace.events.kind(row)) {
      case EventKind.Spawn:
        Object.assign(cycle, nothing(), { readied: row });
        break;
      case EventKind.Wake:
        wake(cycle, row);
        break;
      case EventKind.PollBegin:
        if (cycle.begin !== undefined) next(cycle, cycle.again);
        cycle.begin = row;
        cycle.polls++;
        break;
      case EventKind.TaskEnd:
        cycle.hasEnded = true;
        break;
      case EventKind.PollEnd:
        if (cycle.begin === undefined) break;
        cycle.end = row;
        if (unpackPollEnd(this.trace.events.payload(row)).result === "ready") cycle.hasEnded = true;
        break;
      default:
    }
  }
}

function nothing(): Omit<Draft, "polls"> {
  return {
    parked: undefined,
    readied: undefined,
    begin: undefined,
    end: undefined,
    again: undefined,
    hasEnded: false,
  };
}

/** What was the end of a poll is where the next cycle begins. */
function next(cycle: Draft, readied: number | undefined): void {
  Object.assign(cycle, nothing(), { parked: cycle.end, readied });
}

function wake(cycle: Draft, row: number): void {
  if (cycle.hasEnded) return;
  if (cycle.begin === undefined) cycle.readied ??= row;
  else if (cycle.end === undefined || cycle.again !== undefined) cycle.again ??= row;
  else next(cycle, row);
}
