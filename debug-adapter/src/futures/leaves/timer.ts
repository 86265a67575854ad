import { nanoseconds } from "../../base/brand";
import { formatDuration } from "../../base/duration";
import { findObject } from "../find-object";
import { NEVER_DUE, timeUntil } from "../timer-ticks";
import { plainWait } from "../wait";
import type { LeafFuture } from "./leaf";

/** A `Timer`, and a `Ticker` that is awaited for its next tick. */
export const timerLeaf: LeafFuture = {
  matches: /^embassy_time::timer::(?:Timer|next|\w*Timer)$/,
  describe({ value, reader, now }) {
    const instant = findObject(value, ["embassy_time::instant::Instant"], reader);
    const due = instant && reader.unsigned(reader.member(instant, "ticks"));
    if (due === undefined) return undefined;
    if (due === NEVER_DUE) return plainWait("timer", "timer that is never due");
    if (now === undefined) return plainWait("timer", `timer due when the timer reads ${due} us`);
    const dueIn = timeUntil(due, now);
    const text =
      dueIn > 0
        ? `timer due in ${formatDuration(dueIn)}`
        : dueIn === 0
          ? "timer due now"
          : `timer due ${formatDuration(nanoseconds(0 - dueIn))} ago`;
    return { ...plainWait("timer", text), dueIn };
  },
};
