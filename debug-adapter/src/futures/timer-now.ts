import type { MemoryView } from "../target/target";

/**
 * The raw registers of the RP2040's timer, which embassy-time's driver reads (RP2040 datasheet 4.6.5, TIMERAWH and
 * TIMERAWL). Reading them has no effect.
 */
export const TIMER_COUNTER = { high: 0x4005_4024, low: 0x4005_4028, byteSize: 8 } as const;

/**
 * What the timer reads, in microseconds since the firmware has started it. This is firmware time, later than power-on by
 * what the clocks take to start. Undefined if the registers cannot be read.
 */
export function timerNow(memory: MemoryView): bigint | undefined {
  const high = memory.readUint(TIMER_COUNTER.high, 4);
  const low = memory.readUint(TIMER_COUNTER.low, 4);
  return high === undefined || low === undefined ? undefined : (BigInt(high) << 32n) | BigInt(low);
}
