import { type Nanoseconds, nanoseconds } from "../base/brand";

/** One tick of embassy-time: its driver for the RP2040 counts microseconds, whatever the program. */
const TICK_NANOSECONDS = 1000;

/** `Instant::MAX`: when a timer is due that is never due. */
export const NEVER_DUE = 0xffff_ffff_ffff_ffffn;

/** How long it is until the timer driver's counter reads `due`, both in ticks; negative if that has passed. */
export function timeUntil(due: bigint, now: bigint): Nanoseconds {
  return nanoseconds(Number(due - now) * TICK_NANOSECONDS);
}
