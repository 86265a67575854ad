import { nanoseconds } from "../../base/brand";
import { formatDuration } from "../../base/duration";
import { findObject } from "../find-object";
import { plainWait } from "../wait";
import type { LeafFuture } from "./leaf";

/** One tick of embassy-time: its driver for the RP2040 counts microseconds, whatever the program. */
const TICK_NANOSECONDS = 1000;

/** `Instant::MAX`. */
const NEVER = 0xffff_ffff_ffff_ffffn;

/** A `Timer`, and a `Ticker` that is awaited for its next tick. */
export const timerLeaf: LeafFuture = {
  matches: /^embassy_time::timer::(?:Timer|next|\w*Timer)$/,
  describe({ value, reader, now }) {
    const instant = findObject(value, ["embassy_time::instant::Instant"], reader);
    const due = instant && reader.unsigned(reader.member(instant, "ticks"));
    if (due === undefined) return undefined;
    if (due === NEVER) return plainWait("timer", "timer that is never due");
    if (now === undefined) return plainWait("timer", `timer due when the timer reads ${due} us`);
    const dueIn = nanoseconds(Number(due - now) * TICK_NANOSECONDS);
    const text =
      dueIn > 0
        ? `timer due in ${formatDuration(dueIn)}`
        : dueIn === 0
          ? "timer due now"
          : `timer due ${formatDuration(nanoseconds(0 - dueIn))} ago`;
    return { ...plainWait("timer", text), dueIn };
  },
};
