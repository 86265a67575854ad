import type { MemoryRange } from "../target/memory-ranges";
import { DMA_REGISTERS } from "./leaves/dma";
import { TIMER_COUNTER } from "./timer-now";

/** The registers of the chip that tell what futures wait for: the timer's counter, and how far DMA transfers are. */
export const WAIT_REGISTERS: readonly MemoryRange[] = [
  { start: TIMER_COUNTER.high, byteSize: TIMER_COUNTER.byteSize },
  ...DMA_REGISTERS,
];
