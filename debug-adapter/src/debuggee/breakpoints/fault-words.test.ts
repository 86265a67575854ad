import { describe, expect, it } from "vitest";
import { Register } from "../../target/architecture";
import type { MemoryView } from "../../target/target";
import { memoryOf } from "../../target/memory-ranges";
import { faultWords, stackedRegisters } from "./fault-words";

const CODE = 0x1000_0200;
const RAM = 0x2000_0000;

/** Code with one instruction, and some RAM. */
function memoryWith(instruction: number): MemoryView {
  return memoryOf([
    { start: CODE, bytes: Uint8Array.of(instruction & 0xff, instruction >>> 8, 0, 0) },
    { start: RAM, bytes: new Uint8Array(64) },
  ]);
}

function words(instruction: number, registers: Readonly<Record<number, number>>): string {
  const read = (register: number) => registers[register] ?? (register === Register.xpsr ? 1 << 24 : 0);
  return faultWords(CODE, read, memoryWith(instruction));
}

// Encodings are those of ARMv6-M ARM A6.7.
describe("what may have raised a fault", () => {
  it.each([
    {
      name: "ldr r0, [r1]",
      code: 0x6808,
      registers: { 1: 0xf000_0000 },
      text: "a load of 4 bytes at 0xf0000000, where nothing is",
    },
    {
      name: "str r0, [r1, #4]",
      code: 0x6048,
      registers: { 1: 0x2fff_fffc },
      text: "a store of 4 bytes at 0x30000000, where nothing is",
    },
    {
      name: "ldrh r0, [r1, #2]",
      code: 0x8848,
      registers: { 1: RAM + 1 },
      text: "a load of 2 bytes at 0x20000003, which is not a multiple of 2",
    },
    {
      name: "ldrb r0, [r1, #1]",
      code: 0x7848,
      registers: { 1: 0x5fff_ffff },
      text: "a load of 1 byte at 0x60000000, where nothing is",
    },
    {
      name: "ldrsh r0, [r1, r2]",
      code: 0x5e88,
      registers: { 1: RAM, 2: 1 },
      text: "a load of 2 bytes at 0x20000001, which is not a multiple of 2",
    },
    {
      name: "strb r0, [r1, r2]",
      code: 0x5488,
      registers: { 1: 0xf000_0000, 2: 3 },
      text: "a store of 1 byte at 0xf0000003, where nothing is",
    },
    {
      name: "ldm r1!, {r0}",
      code: 0xc901,
      registers: { 1: RAM + 2 },
      text: "a load of 4 bytes at 0x20000002, which is not a multiple of 4",
    },
    {
      name: "push {r4, lr}",
      code: 0xb510,
      registers: { [Register.sp]: 0x1fff_fffc },
      text: "a store of 4 bytes at 0x1ffffff8, where nothing is",
    },
    { name: "udf #0", code: 0xde00, registers: {}, text: "an undefined instruction (udf)" },
    { name: "svc #0", code: 0xdf00, registers: {}, text: "a supervisor call (svc) where none is possible" },
    {
      name: "without the Thumb bit",
      code: 0x6808,
      registers: { [Register.xpsr]: 0 },
      text: "a jump to 0x10000200 without the bit that says it is Thumb code",
    },
  ])("$name", ({ code, registers, text }) => {
    expect(words(code, registers)).toBe(text);
  });

  it("a jump to where no memory is", () => {
    expect(faultWords(0x6000_0000, () => 1 << 24, memoryWith(0))).toBe(
      "a jump to 0x60000000, where no code can be",
    );
  });
});

describe("the registers of what was interrupted", () => {
  const frame = (xpsr: number) => {
    const bytes = new Uint8Array(Uint32Array.of(1, 2, 3, 4, 5, 6, 7, xpsr).buffer);
    return stackedRegisters(RAM, memoryOf([{ start: RAM, bytes }]), (register) => 100 + register)!;
  };

  it("are on the stack, as far as the exception has put them there", () => {
    const read = frame(0x0100_0000);
    expect([0, 1, 2, 3, 12, Register.lr, Register.pc, Register.xpsr].map(read)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 0x0100_0000,
    ]);
    expect(read(4)).toBe(104);
    expect(read(Register.sp)).toBe(RAM + 32);
  });

  it("had a stack that was moved to be aligned where xPSR says so", () => {
    expect(frame(0x0100_0200)(Register.sp)).toBe(RAM + 36);
  });

  it("cannot be told where the stack cannot be read", () => {
    expect(stackedRegisters(0x6000_0000, memoryWith(0), () => 0)).toBeUndefined();
  });
});
