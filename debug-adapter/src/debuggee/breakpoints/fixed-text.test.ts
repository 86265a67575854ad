import { describe, expect, it } from "vitest";
import type { MemoryView } from "../../target/target";
import { fixedText } from "./fixed-text";

const ENTRY = 0x1000_1584;
const TEXT_AT = 0x1000_2296;
const PAD_AT = 0x1000_0f98;
const TEXT = "RefCell already borrowed";

/** The code that rustc makes of `Display::fmt("RefCell already borrowed", f)`, as llvm-objdump shows it. */
const CODE = [0xb580, 0xaf00, 0x4608, 0x4902, 0x2218, 0xf7ff, 0xfd03, 0xbd80, 0x2296, 0x1000];

function memoryOf(code: readonly number[]): MemoryView {
  const bytes = Uint8Array.from(code.flatMap((each) => [each & 0xff, each >>> 8]));
  const text = new TextEncoder().encode(TEXT);
  const read = (from: number, length: number) => {
    if (from >= TEXT_AT) return text.subarray(from - TEXT_AT, from - TEXT_AT + length);
    return from < ENTRY || from + length > ENTRY + bytes.length
      ? undefined
      : bytes.subarray(from - ENTRY, from - ENTRY + length);
  };
  return {
    read,
    readUint: (from, size) => read(from, size)?.reduceRight((all, each) => all * 256 + each, 0),
  };
}

function textOf(code: readonly number[], name = "core::fmt::Formatter::pad"): string | undefined {
  return fixedText(ENTRY, { memory: memoryOf(code), nameAt: (at) => (at === PAD_AT ? name : undefined) });
}

describe("the text of a formatter that always writes the same", () => {
  it("is what its code hands on", () => {
    expect(textOf(CODE)).toBe(TEXT);
  });

  it("is not known where it does anything else", () => {
    expect(textOf(CODE, "core::fmt::Formatter::pad_integral")).toBeUndefined();
    // A load from the value, a branch, the length from a register, no code at all.
    for (const [index, halfword] of [
      [2, 0x6800],
      [3, 0xd002],
      [4, 0x4612],
    ] as const) {
      expect(textOf(CODE.with(index, halfword))).toBeUndefined();
    }
    expect(textOf([])).toBeUndefined();
  });
});
