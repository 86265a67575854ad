import { Register } from "../../target/architecture";
import type { TracepointHit } from "../../target/target";
import type { Departure } from "./departure";
import type { StopCause } from "./stop";

/** What breakpoints tell run control in the middle of a run. */
export class StopReports {
  /** The instruction before which one of the reports has stopped the target. */
  calledAt: number | undefined;
  private causes: StopCause[] = [];
  private seen: Departure | undefined;

  /** Of a code tracepoint: whether the user has seen the debuggee stand here, so that it is no reason to stop. */
  isSeen(hit: TracepointHit): boolean {
    return this.seen?.includes(hit) ?? false;
  }

  /** A reason to stop before the instruction at hand, of a code tracepoint; `onHit` has to return true as well. */
  addBefore(hit: TracepointHit, cause: StopCause): void {
    this.calledAt = hit.register(Register.pc);
    this.causes.push(cause);
  }

  /** A reason to stop behind the store at hand; `onHit` has to return true as well. */
  addBehind(cause: StopCause): void {
    this.causes.push(cause);
  }

  /** Whether there is a reason to stop that has not been taken. */
  get isWaiting(): boolean {
    return this.causes.length > 0;
  }

  /** A run begins, at a place which the user has seen or, if undefined, has not. */
  begin(seen: Departure | undefined): void {
    this.seen = seen;
    this.causes = [];
    this.calledAt = undefined;
  }

  /** The reason of the run that has ended; undefined if nobody had one. All breakpoints that were hit are in it. */
  take(): StopCause | undefined {
    const causes = this.causes;
    this.causes = [];
    const ids: number[] = [];
    const events: string[] = [];
    for (const cause of causes) {
      if (cause.kind !== "breakpoint") continue;
      ids.push(...cause.ids);
      if (cause.event !== undefined && !events.includes(cause.event)) events.push(cause.event);
    }
    const other = causes.find(({ kind }) => kind !== "breakpoint");
    if (other !== undefined || ids.length === 0) return other;
    const event = events.length === 0 ? {} : { event: events.join("; ") };
    return { kind: "breakpoint", ids: [...new Set(ids)].sort((a, b) => a - b), ...event };
  }
}
