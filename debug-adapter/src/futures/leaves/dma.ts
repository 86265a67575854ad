import { searchMember } from "../../values/formatters/search-member";
import type { MemoryRange } from "../../target/memory-ranges";
import type { ValueReader } from "../../values/reader";
import { plainWait } from "../wait";
import type { LeafFuture } from "./leaf";

/**
 * A channel's registers (RP2040 datasheet 2.5.7): how many transfers are left, its control word, and in the debug
 * register how many there were to be. Reading them has no effect.
 */
const CHANNELS = { start: 0x5000_0000, stride: 0x40, count: 0x08, control: 0x0c, total: 0x804 } as const;

/** Those registers of all channels. */
export const DMA_REGISTERS: readonly MemoryRange[] = Array.from({ length: 12 }, (_, channel) => {
  const base = CHANNELS.start + CHANNELS.stride * channel;
  return [
    { start: base + CHANNELS.count, byteSize: 8 },
    { start: base + CHANNELS.total, byteSize: 4 },
  ];
}).flat();

/** TREQ_SEL in the control word: what the channel waits for before each transfer. */
const REQUEST = { shift: 15, mask: 0x3f } as const;

/** A DMA transfer of embassy-rp: SPI, the plain UART, PIO and the ADC wait for theirs. */
export const dmaLeaf: LeafFuture = {
  matches: /^embassy_rp::dma::Transfer$/,
  describe({ value, reader }) {
    const number = reader.count(searchMember(value, "number", reader));
    if (number === undefined) return undefined;
    const progress = progressOf(number, reader);
    const channel = `DMA channel ${number}`;
    return plainWait("dma", progress === undefined ? `${channel} to finish` : `${channel} ${progress}`);
  },
};

/** `for UART0_RX: 60 of 64 transfers left`; undefined where the registers cannot be read. */
function progressOf(channel: number, reader: ValueReader): string | undefined {
  const register = (offset: number) =>
    reader.memory.readUint(CHANNELS.start + CHANNELS.stride * channel + offset, 4);
  const left = register(CHANNELS.count);
  const total = register(CHANNELS.total);
  const control = register(CHANNELS.control);
  if (left === undefined || total === undefined || control === undefined) return undefined;
  const request = requestName((control >>> REQUEST.shift) & REQUEST.mask, reader);
  const done = left <= total ? `${left} of ${total}` : String(left);
  return `${request === undefined ? "to finish" : `for ${request}`}: ${done} transfers left`;
}

/** The name that the program itself has for a request, in the registers' definitions that it uses. */
function requestName(request: number, { symbols }: ValueReader): string | undefined {
  for (const type of symbols.typesEnding("TreqSel")) {
    const found =
      type.kind === "plain-enum" && type.enumerators.find(({ value }) => Number(value) === request);
    if (found) return found.name;
  }
  return undefined;
}
