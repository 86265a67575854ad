import type { ValueReader } from "../reader";
import type { Formatter } from "../shape";
import type { Value } from "../value";
import { exactDuration } from "./exact-duration";

/**
 * Nanoseconds of an Embassy tick. `embassy_time_driver::TICK_HZ` is a constant, and constants leave nothing in the
 * debug info; embassy-rp's time driver for the RP2040 requires 1 MHz (its feature `tick-hz-1_000_000`).
 */
const TICK_NANOSECONDS = 1000n;

/** What `Instant::MAX` and `Duration::MAX` are. */
const MOST_TICKS = 0xffff_ffff_ffff_ffffn;

/** `embassy_time::Duration`. */
export const durationFormatter: Formatter = {
  types: ["embassy_time::duration::Duration"],
  shape(value, reader) {
    const ticks = ticksOf(value, reader);
    if (ticks === undefined) return undefined;
    return {
      kind: "text",
      text: ticks === MOST_TICKS ? "Duration::MAX" : exactDuration(ticks * TICK_NANOSECONDS),
    };
  },
};

/** `embassy_time::Instant`: the time since the driver's counter was 0, which is power-on. */
export const instantFormatter: Formatter = {
  types: ["embassy_time::instant::Instant"],
  shape(value, reader) {
    const ticks = ticksOf(value, reader);
    if (ticks === undefined) return undefined;
    const text =
      ticks === MOST_TICKS ? "Instant::MAX" : `Instant(${exactDuration(ticks * TICK_NANOSECONDS)})`;
    return { kind: "text", text };
  },
};

function ticksOf(value: Value, reader: ValueReader): bigint | undefined {
  return reader.unsigned(reader.member(value, "ticks"));
}
