import type { MemoryView } from "../../target/target";
import { decodeUtf8 } from "../../base/utf8";

/** Instructions before the call, of a formatter that does nothing else. */
const MOST_HALFWORDS = 8;
const LONGEST_TEXT = 256;

/** What a formatter hands its text on to: the text is in r1, its length in r2 (AAPCS32 6.4). */
const WRITES_TEXT =
  /^(?:core::fmt::Formatter::(?:pad|write_str)|<core::fmt::Formatter as core::fmt::Write>::write_str)$/;

/** What of the firmware a formatter's code is read with. */
export interface CodeReader {
  readonly memory: MemoryView;
  /** The readable name of the function at an address. */
  readonly nameAt: (at: number) => string | undefined;
}

/**
 * The text that a formatter always writes, whatever the value: `RefCell already borrowed`. Its code is followed from
 * its entry to its first call; undefined if it does anything but load a text and hand it on.
 */
export function fixedText(entry: number, { memory, nameAt }: CodeReader): string | undefined {
  const known = new Map<number, number | undefined>();
  for (let i = 0, at = entry; i < MOST_HALFWORDS; i++, at += 2) {
    const halfword = memory.readUint(at, 2);
    if (halfword === undefined) return undefined;
    const loaded = literalLoad(halfword, at);
    if (loaded !== undefined) known.set(loaded.register, memory.readUint(loaded.address, 4));
    else if (halfword >>> 11 === MOVS) known.set((halfword >>> 8) & 7, halfword & 0xff);
    else if (halfword >>> 11 === BL_PREFIX) {
      const name = nameAt(callTarget(halfword, memory.readUint(at + 2, 2) ?? 0, at));
      if (name === undefined || !WRITES_TEXT.test(name)) return undefined;
      return textAt(known.get(1), known.get(2), memory);
    } else if (!isFrame(halfword) && !isFormatterMove(halfword)) return undefined;
  }
  return undefined;
}

// Encodings are of ARMv6-M ARM A5.2 and A6.7.

/** `movs rd, #imm8` */
const MOVS = 0b00100;
/** The first half of `bl`. */
const BL_PREFIX = 0b11110;

/** `ldr rt, [pc, #imm8 * 4]` */
function literalLoad(halfword: number, at: number): { register: number; address: number } | undefined {
  if (halfword >>> 11 !== 0b01001) return undefined;
  return { register: (halfword >>> 8) & 7, address: ((at + 4) & ~3) + 4 * (halfword & 0xff) };
}

function callTarget(first: number, second: number, at: number): number {
  const sign = (first >>> 10) & 1;
  const j1 = ((second >>> 13) & 1) ^ sign ^ 1;
  const j2 = ((second >>> 11) & 1) ^ sign ^ 1;
  const offset =
    (sign ? -(2 ** 24) : 0) + (j1 << 23) + (j2 << 22) + ((first & 0x3ff) << 12) + ((second & 0x7ff) << 1);
  return (at + 4 + offset) >>> 0;
}

/** `push {..., lr}` and `add r7, sp, #n`, which make the frame. */
function isFrame(halfword: number): boolean {
  return halfword >>> 9 === 0b1011010 || halfword >>> 8 === 0b10101111;
}

/** `mov r0, r1`: the formatter becomes the first argument. */
function isFormatterMove(halfword: number): boolean {
  return halfword === 0x4608;
}

function textAt(at: number | undefined, length: number | undefined, memory: MemoryView): string | undefined {
  if (at === undefined || length === undefined || length > LONGEST_TEXT) return undefined;
  const bytes = memory.read(at, length);
  return bytes && decodeUtf8(bytes);
}
