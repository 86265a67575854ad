/** Registers of the DMA block and their bits (datasheet 2.5.7). */
export const CHANNELS = 12;
export const CHANNEL_STRIDE = 0x40;
export const INTR = 0x400;
export const INTE0 = 0x404;
export const INTF0 = 0x408;
export const INTS0 = 0x40c;
export const INTE1 = 0x414;
export const INTF1 = 0x418;
export const INTS1 = 0x41c;
export const TIMER0 = 0x420;
export const MULTI_CHAN_TRIGGER = 0x430;
export const SNIFF_CTRL = 0x434;
export const SNIFF_DATA = 0x438;
export const CHAN_ABORT = 0x444;
export const N_CHANNELS = 0x448;
/** CHx_DBG_CTDREQ and CHx_DBG_TCR. */
export const DBG = 0x800;

/** Whether a register is a CHx_DBG_TCR: the number of transfers with which its channel begins (datasheet 2.5.7). */
export function isReloadCount(offset: number): boolean {
  return offset >= DBG && offset < DBG + CHANNELS * CHANNEL_STRIDE && offset % CHANNEL_STRIDE === 4;
}

// CHx_CTRL_TRIG
export const EN = 1 << 0;
export const INCR_READ = 1 << 4;
export const INCR_WRITE = 1 << 5;
export const RING_SIZE_SHIFT = 6;
export const RING_SEL_SHIFT = 10;
export const CHAIN_TO_SHIFT = 11;
export const TREQ_SHIFT = 15;
export const IRQ_QUIET = 1 << 21;
export const BSWAP = 1 << 22;
export const BUSY = 1 << 24;
export const WRITE_ERROR = 1 << 29;
export const READ_ERROR = 1 << 30;
export const AHB_ERROR = 0x8000_0000;
export const ERRORS = WRITE_ERROR | READ_ERROR;
export const CTRL_WRITABLE = 0x00ff_ffff;

// TREQ_SEL
export const TREQ_TIMER0 = 0x3b;
export const TREQ_PERMANENT = 0x3f;

/** A channel's sixteen words: four orders of the same four registers; the last word of each order triggers. */
export const CHANNEL_REGISTERS: readonly {
  readonly name: string;
  readonly kind: "read" | "write" | "count" | "ctrl";
  readonly isTrigger: boolean;
}[] = [
  { name: "READ_ADDR", kind: "read", isTrigger: false },
  { name: "WRITE_ADDR", kind: "write", isTrigger: false },
  { name: "TRANS_COUNT", kind: "count", isTrigger: false },
  { name: "CTRL_TRIG", kind: "ctrl", isTrigger: true },
  { name: "AL1_CTRL", kind: "ctrl", isTrigger: false },
  { name: "AL1_READ_ADDR", kind: "read", isTrigger: false },
  { name: "AL1_WRITE_ADDR", kind: "write", isTrigger: false },
  { name: "AL1_TRANS_COUNT_TRIG", kind: "count", isTrigger: true },
  { name: "AL2_CTRL", kind: "ctrl", isTrigger: false },
  { name: "AL2_TRANS_COUNT", kind: "count", isTrigger: false },
  { name: "AL2_READ_ADDR", kind: "read", isTrigger: false },
  { name: "AL2_WRITE_ADDR_TRIG", kind: "write", isTrigger: true },
  { name: "AL3_CTRL", kind: "ctrl", isTrigger: false },
  { name: "AL3_WRITE_ADDR", kind: "write", isTrigger: false },
  { name: "AL3_TRANS_COUNT", kind: "count", isTrigger: false },
  { name: "AL3_READ_ADDR_TRIG", kind: "read", isTrigger: true },
];

const NAMES: Readonly<Record<number, string>> = {
  [INTR]: "INTR",
  [INTE0]: "INTE0",
  [INTF0]: "INTF0",
  [INTS0]: "INTS0",
  [INTE1]: "INTE1",
  [INTF1]: "INTF1",
  [INTS1]: "INTS1",
  [TIMER0]: "TIMER0",
  [TIMER0 + 4]: "TIMER1",
  [TIMER0 + 8]: "TIMER2",
  [TIMER0 + 12]: "TIMER3",
  [MULTI_CHAN_TRIGGER]: "MULTI_CHAN_TRIGGER",
  [SNIFF_CTRL]: "SNIFF_CTRL",
  [SNIFF_DATA]: "SNIFF_DATA",
  0x440: "FIFO_LEVELS",
  [CHAN_ABORT]: "CHAN_ABORT",
  [N_CHANNELS]: "N_CHANNELS",
};

/** The datasheet's name of the register at an offset. */
export function registerName(offset: number): string | undefined {
  if (offset < CHANNELS * CHANNEL_STRIDE) {
    const { name } = CHANNEL_REGISTERS[(offset % CHANNEL_STRIDE) >> 2]!;
    return `CH${Math.floor(offset / CHANNEL_STRIDE)}_${name}`;
  }
  if (offset >= DBG && offset < DBG + CHANNELS * CHANNEL_STRIDE && offset % CHANNEL_STRIDE < 8) {
    const name = offset % CHANNEL_STRIDE === 0 ? "CTDREQ" : "TCR";
    return `CH${Math.floor((offset - DBG) / CHANNEL_STRIDE)}_DBG_${name}`;
  }
  return NAMES[offset];
}
