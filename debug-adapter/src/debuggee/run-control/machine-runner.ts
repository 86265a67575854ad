import { address } from "../../base/brand";
import type { TaskEvents } from "../../executor/task-events";
import { Register } from "../../target/architecture";
import type { CollectItem, Removable, StopReason, Target, TracepointHit } from "../../target/target";
import { EventKind } from "../../trace/event";
import { Departure } from "./departure";
import type { RunEnd, Runner, RunOptions, RunPlace } from "./movement";
import type { StopCause } from "./stop";
import type { StopReports } from "./stop-reports";

const REGISTERS: readonly CollectItem[] = [{ kind: "registers" }];

/** BKPT is one halfword (ARMv6-M ARM A6.7.12). */
const BKPT_BYTES = 2;

/** What all movements of a debuggee share. */
export interface RunnerOptions {
  readonly target: Target;
  readonly taskEvents: TaskEvents;
  readonly reports: StopReports;
  /** Says what has happened where the core cannot go on by itself. */
  readonly explain: (reason: CoreHalt) => Promise<StopCause>;
  /** Called when the core sleeps for good, before that is told: somebody may have a reason to stop that says more. */
  readonly onStuck?: () => Promise<void>;
}

/** Reasons of the target that are no doing of a debugger. */
export type CoreHalt = Extract<StopReason["kind"], "lockup" | "breakpoint-instruction">;

/** How the debuggee has come to stand where it stands. */
export interface Standing {
  /** The instruction whose tracepoints have been called already: they will not be called when it is executed. */
  calledAt: number | undefined;
  /** Whether the user has been shown that it stands here. */
  isSeen: boolean;
  /** The BKPT instruction that has stopped the core: it would do so for ever if a debugger did not pass it. */
  bkptAt: number | undefined;
}

/** Runs the machine for one movement. */
export class MachineRunner implements Runner {
  readonly target: Target;
  private isPaused = false;
  private end: Extract<RunEnd, { kind: "stopped" }> | undefined;

  constructor(
    private readonly options: RunnerOptions,
    private readonly standing: Standing,
  ) {
    this.target = options.target;
  }

  /** Ends the movement as soon as the target can be stopped. */
  pause(): void {
    this.isPaused = true;
    this.target.interrupt();
  }

  runTo(places: readonly RunPlace[], { onTaskEvent, until, pace }: RunOptions = {}): Promise<RunEnd> {
    const { target, taskEvents } = this.options;
    return this.run((departure) => {
      let found: RunEnd | undefined;
      const watched: Removable[] = places.map((place) => {
        const onHit = (hit: TracepointHit) => {
          if (departure?.includes(hit) === true || place.accept?.(hit) === false) return false;
          found ??= { kind: "reached", place };
          this.standing.calledAt = place.address;
          return true;
        };
        const where = { kind: "code", address: place.address } as const;
        return target.addTracepoint({ where, collect: REGISTERS, onHit });
      });
      if (onTaskEvent !== undefined) {
        const listener = taskEvents.listen((event, hit) => {
          if (!onTaskEvent(event, hit)) return false;
          found ??= { kind: "task-event", event };
          const isBefore = event.kind === EventKind.PollBegin || event.kind === EventKind.PollEnd;
          if (isBefore) this.standing.calledAt = hit.register(Register.pc);
          return true;
        });
        watched.push(listener);
      }
      return {
        resume: () => target.resume({ ...(until !== undefined && { until }), ...(pace && { pace }) }),
        found: () => found,
        watched,
      };
    });
  }

  stepInstruction(): Promise<RunEnd> {
    const { target } = this;
    return this.run(() => {
      let place: RunPlace | undefined;
      const resume = async () => {
        const reason = await target.step();
        const at = address((await target.readRegisters())[Register.pc]!);
        if (reason.kind === "step") place = { address: at };
        return reason;
      };
      return { resume, found: () => place && { kind: "reached", place }, watched: [] };
    });
  }

  private async run(prepare: (departure: Departure | undefined) => Run): Promise<RunEnd> {
    if (this.end !== undefined) return this.end;
    const departure = await this.depart();
    if (this.isPaused) return this.stopped({ kind: "pause" });
    const { resume, found, watched } = prepare(departure);
    if (departure !== undefined) watched.push(this.noteDeparture(departure));
    this.options.reports.begin(this.standing.isSeen ? departure : undefined);
    this.standing.calledAt = undefined;
    this.standing.isSeen = false;
    let reason: StopReason;
    try {
      reason = await resume();
    } finally {
      for (const each of watched) each.remove();
    }
    const { reports } = this.options;
    if (reports.calledAt !== undefined) this.standing.calledAt = reports.calledAt;
    const reported = reports.take();
    if (reported !== undefined) return this.stopped(reported);
    return found() ?? this.stopped(await this.causeOf(reason));
  }

  /** Where the run starts, if tracepoints there have not been called yet. */
  private async depart(): Promise<Departure | undefined> {
    const { target, standing } = this;
    const registers = await target.readRegisters();
    const pc = address(registers[Register.pc]!);
    const isAtBkpt = standing.bkptAt === pc;
    standing.bkptAt = undefined;
    if (isAtBkpt) {
      await target.writeRegister(Register.pc, pc + BKPT_BYTES);
      return undefined;
    }
    return standing.calledAt === pc ? undefined : new Departure(pc, registers[Register.sp]!);
  }

  /** Where nobody else has a tracepoint, the next arrival must not be taken for the departure. */
  private noteDeparture(departure: Departure): Removable {
    const onHit = (hit: TracepointHit) => {
      // Once it has left, its next arrivals are no news, and may cost the program time.
      if (departure.includes(hit)) noted.remove();
      return false;
    };
    const where = { kind: "code", address: departure.address } as const;
    const noted = this.target.addTracepoint({ where, collect: REGISTERS, onHit });
    return noted;
  }

  private stopped(cause: StopCause): RunEnd {
    this.end = { kind: "stopped", cause };
    return this.end;
  }

  private async causeOf({ kind }: StopReason): Promise<StopCause> {
    switch (kind) {
      case "time":
        return { kind };
      case "stuck":
        await this.options.onStuck?.();
        return this.options.reports.take() ?? { kind };
      case "breakpoint-instruction":
        this.standing.bkptAt = (await this.target.readRegisters())[Register.pc]!;
        return this.options.explain(kind);
      case "lockup":
        return this.options.explain(kind);
      // Somebody else who uses the same target has stopped it.
      default:
        return { kind: "pause" };
    }
  }
}

/** A run that has been prepared. */
interface Run {
  readonly resume: () => Promise<StopReason>;
  readonly found: () => RunEnd | undefined;
  readonly watched: Removable[];
}
