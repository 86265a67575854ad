import { type Nanoseconds, nanoseconds } from "../../base/brand";
import { EventKind } from "../../trace/event";
import type { EventColumns } from "../../trace/event-columns";

/**
 * How long the core slept between two instants of which the later is now. Only the events between them are read.
 * @param isAsleep whether it sleeps now
 */
export function timeAsleep(
  events: EventColumns,
  { from, to, isAsleep }: { readonly from: number; readonly to: number; readonly isAsleep: boolean },
): Nanoseconds {
  let asleep = 0;
  let sleeps = isAsleep;
  let end = to;
  for (let row = events.length - 1; row >= 0; row--) {
    const time = events.time(row);
    if (time <= from) break;
    const kind = events.kind(row);
    if (kind !== EventKind.SleepBegin && kind !== EventKind.SleepEnd) continue;
    if (sleeps) asleep += end - time;
    end = time;
    sleeps = kind === EventKind.SleepEnd;
  }
  if (sleeps) asleep += end - from;
  return nanoseconds(asleep);
}
