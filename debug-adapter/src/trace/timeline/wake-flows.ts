import type { Timeline } from "./timeline";
import type { TimeWindow } from "./window-query";
import { NONE } from "./wake-columns";

/** Wakes in a window, as columns: from the track of their source to that of the task, and on to the poll. */
export interface WakeFlows {
  readonly length: number;
  /** How many wakes there are in the window; `length` is 0 if they are too many to be drawn. */
  readonly total: number;
  /** Nanoseconds after the window's begin. */
  readonly times: Float32Array;
  /** The track of the source; -1 if it has none. */
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  /** When the poll began that it has led to, as `times`; NaN without one. */
  readonly polls: Float32Array;
}

/** The wakes in a window, those whose poll reaches into it included; none of them if they are more than `limit`. */
export function queryFlows(timeline: Timeline, { from, to }: TimeWindow, limit: number): WakeFlows {
  const { wakes, trace } = timeline;
  const { events } = trace;
  const first = wakes.firstFrom(Math.min(events.rowAt(from as never), timeline.rows));
  const end = wakes.firstFrom(Math.min(events.rowAt(to as never), timeline.rows));
  const total = end - first;
  const length = total > limit ? 0 : total;
  const flows = {
    times: new Float32Array(length),
    sources: new Int32Array(length),
    targets: new Int32Array(length),
    polls: new Float32Array(length),
  };
  for (let i = 0; i < length; i++) {
    const row = wakes.row(first + i);
    const poll = wakes.pollRow(first + i);
    const task = events.task(row);
    flows.times[i] = events.time(row) - from;
    flows.sources[i] = timeline.trackOfSource(task, events.payload(row)) ?? -1;
    flows.targets[i] = timeline.trackOfTask(task) ?? -1;
    flows.polls[i] = poll === NONE ? NaN : events.time(poll) - from;
  }
  return { length, total, ...flows };
}
