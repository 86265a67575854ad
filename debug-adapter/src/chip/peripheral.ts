import type { PlainState } from "./plain-state";

/** A block of registers on a bus, as the datasheet describes it. One file each, registers by their datasheet names. */
export interface Peripheral {
  /** The datasheet's name of the block: `UART0`. */
  readonly name: string;
  /** First address, without the atomic aliases. */
  readonly baseAddress: number;
  /** Bytes of register space, at most 0x1000 where the block has atomic aliases. */
  readonly size: number;
  /** All that the block remembers. */
  readonly state: PlainState;
  /** A 32-bit read at a word-aligned offset, with the side effects the datasheet gives it. Returns 0 to 2^32 - 1. */
  read(offset: number): number;
  /** The same value without side effects: for the atomic aliases and for debuggers. */
  peek(offset: number): number;
  /** A 32-bit write at a word-aligned offset; an atomic alias has been resolved to the value it leads to. */
  write(offset: number, value: number): void;
  /** Back to the state after the block's reset (RESETS, or power-on). */
  reset(): void;
  /** The datasheet's name of the register at an offset, or undefined if there is none. */
  registerName(offset: number): string | undefined;
  /**
   * Whether the register does what the datasheet says. The first access to one that does not is reported by name;
   * it reads as what was last written. Asked once per register, when the block is attached to a bus.
   */
  isEmulated(offset: number): boolean;
}

/** Where a block raises its interrupt: a level, which stays high until the cause is gone (RP2040 datasheet 2.3.2). */
export interface InterruptInput {
  setLevel(line: number, isHigh: boolean): void;
}
