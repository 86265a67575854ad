import type { TaskIndex } from "../../trace/event";
import type { SourcePlace } from "../../trace/trace";
import type { Debuggee } from "../debuggee";
import type { Inspection } from "../inspection";
import { whyNotRunning } from "../why-not-running/why-not-running";
import type { CycleStep } from "./cycle-step";
import { cycleSteps } from "./cycle-steps";
import { heldWaker } from "./held-waker";
import { TaskCycles } from "./task-cycles";

/** The last cycle of a task: woken, queued, polled, parked again. */
export interface PollCycle {
  /** How many polls of the task have begun so far. */
  readonly polls: number;
  /** Empty before anything has happened to the task. */
  readonly steps: readonly CycleStep[];
}

/** The poll-wake cycles of the tasks of a run. */
export class PollCycles {
  private readonly cycles: TaskCycles;

  constructor(private readonly debuggee: Debuggee) {
    this.cycles = new TaskCycles(debuggee.trace);
  }

  /** The task that something has happened to last; undefined before anything has. */
  lastTask(): TaskIndex | undefined {
    return this.cycles.lastTask();
  }

  /** Whether anything has happened to a task. */
  hasSeen(task: TaskIndex): boolean {
    return this.cycles.of(task) !== undefined;
  }

  /** @param inspection of the instant at which the firmware stands still; undefined while it runs */
  async of(task: TaskIndex, inspection: Inspection | undefined): Promise<PollCycle> {
    const { trace, target, embassy } = this.debuggee;
    const cycle = this.cycles.of(task);
    if (cycle === undefined) return { polls: 0, steps: [] };
    const isParked = cycle.end !== undefined && !cycle.hasEnded;
    const held =
      inspection !== undefined && isParked
        ? await heldWaker(task, inspection, await whyNotRunning(this.debuggee, task))
        : undefined;
    const steps = cycleSteps({
      trace,
      task,
      cycle,
      now: Math.round(target.now),
      isEmbassy: embassy !== undefined,
      held,
      // What is known of is the last wake: not the one that began the cycle, if it came again in the poll.
      wakePlace: cycle.again === undefined ? placeOf(inspection, task) : undefined,
    });
    return { polls: cycle.polls, steps };
  }
}

function placeOf(inspection: Inspection | undefined, task: TaskIndex): SourcePlace | undefined {
  const place = inspection?.lastWakePlace(task);
  return place === undefined ? undefined : { file: place.file.path, line: place.line };
}
