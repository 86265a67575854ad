import { nanoseconds } from "../../base/brand";
import { Listeners } from "../../base/listeners";
import { MachineRunner, type RunnerOptions, type Standing } from "./machine-runner";
import type { Movement, RunOptions } from "./movement";
import type { Stop, StopCause } from "./stop";

export type RunState = { readonly kind: "running" } | { readonly kind: "stopped"; readonly stop: Stop };

/** A movement under way, and the stop that it will end with. */
interface Running {
  readonly kind: "running";
  readonly runner: MachineRunner;
  readonly end: Promise<Stop>;
}

interface Waiting {
  readonly movement: Movement;
  readonly resolve: (stop: Stop) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets the debuggee go from one stop to the next: one movement at a time, in the order in which they were asked for.
 * Each movement begins with `onDidContinue` and ends with `onDidStop`.
 */
export class RunControl {
  /** Told with the epoch that begins. */
  readonly onDidContinue = new Listeners<number>();
  readonly onDidStop = new Listeners<Stop>();

  /** Counts the times that the debuggee went on: what was found out in one epoch is not true in the next. */
  epoch = 0;
  private current: Running | Extract<RunState, { kind: "stopped" }>;
  private readonly waiting: Waiting[] = [];
  private readonly standing: Standing = { calledAt: undefined, isSeen: false, bkptAt: undefined };

  constructor(private readonly options: RunnerOptions) {
    this.current = { kind: "stopped", stop: this.stopFor({ kind: "entry" }) };
  }

  get state(): RunState {
    return this.current.kind === "running" ? { kind: "running" } : this.current;
  }

  /** Runs until something stops the debuggee, at the latest when `until` is reached. */
  continue(options: Pick<RunOptions, "until" | "pace"> = {}): Promise<Stop> {
    return this.perform(async (runner) => {
      const end = await runner.runTo([], options);
      return end.kind === "stopped" ? end.cause : { kind: "pause" };
    });
  }

  /**
   * Performs a movement as soon as those before it have ended. Resolves with the stop that it leads to, or, if a pause
   * comes before its turn, with the stop of that.
   */
  perform(movement: Movement): Promise<Stop> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ movement, resolve, reject });
      this.next();
    });
  }

  /** Stops the debuggee, and forgets movements that have not begun. Resolves with the stop, also where it stands already. */
  pause(): Promise<Stop> {
    const { current } = this;
    if (current.kind === "stopped") return Promise.resolve(current.stop);
    for (const { resolve, reject } of this.waiting.splice(0)) current.end.then(resolve, reject);
    current.runner.pause();
    return current.end;
  }

  private next(): void {
    if (this.current.kind === "running") return;
    const next = this.waiting.shift();
    if (next === undefined) return;
    const runner = new MachineRunner(this.options, this.standing);
    const end = this.move(next.movement, runner);
    this.current = { kind: "running", runner, end };
    this.epoch++;
    end.then(next.resolve, next.reject);
    this.onDidContinue.tell(this.epoch);
  }

  private async move(movement: Movement, runner: MachineRunner): Promise<Stop> {
    // `next` has to have told that the debuggee goes on before it can stop.
    await Promise.resolve();
    let stop: Stop;
    try {
      stop = this.stopFor(await movement(runner));
    } catch (error) {
      this.halt(this.stopFor({ kind: "pause" }));
      throw error;
    }
    this.halt(stop);
    return stop;
  }

  private halt(stop: Stop): void {
    this.standing.isSeen = true;
    this.current = { kind: "stopped", stop };
    this.onDidStop.tell(stop);
    this.next();
  }

  private stopFor(cause: StopCause): Stop {
    const { target, taskEvents } = this.options;
    taskEvents.trace.endTime = nanoseconds(Math.round(target.now));
    return { cause, time: target.now, task: taskEvents.polledTask };
  }
}
