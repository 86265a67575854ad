import { describe, expect, it } from "vitest";
import { flowStepAt } from "./thumb-flow";

/** Bytes from an address on, as an ELF has them. */
function codeAt(start: number, bytes: readonly number[]) {
  return {
    readUint: (at: number, size: 1 | 2 | 4) => {
      let value = 0;
      for (let i = size - 1; i >= 0; i--) {
        const byte = bytes[at - start + i];
        if (byte === undefined) return undefined;
        value = value * 256 + byte;
      }
      return value;
    },
  };
}

describe("flowStepAt", () => {
  // Encodings and targets as llvm-objdump shows them for countdown-release and button-or-timeout-release.
  it.each([
    ["beq", 0x1000_042e, [0x0e, 0xd0], [0x1000_0430, 0x1000_044e]],
    ["bne backwards", 0x1000_0442, [0xe9, 0xd1], [0x1000_0444, 0x1000_0418]],
    ["b backwards", 0x1000_044c, [0xf8, 0xe7], [0x1000_0440]],
    ["dmb sy", 0x1000_043a, [0xbf, 0xf3, 0x5f, 0x8f], [0x1000_043e]],
    ["pop {r7, pc}", 0x1000_0830, [0x80, 0xbd], []],
    ["bx lr", 0x1000_0830, [0x70, 0x47], []],
    ["mov pc, lr", 0x1000_0830, [0xf7, 0x46], []],
  ])("%s", (_name, at, bytes, next) => {
    expect(flowStepAt(at, codeAt(at, bytes))?.next).toEqual(next);
  });

  it("knows calls and where they go", () => {
    const direct = flowStepAt(0x1000_0434, codeAt(0x1000_0434, [0x00, 0xf0, 0xc6, 0xf8]));
    expect(direct).toMatchObject({ call: 0x1000_05c4, next: [0x1000_0438] });
    const throughRegister = flowStepAt(0x1000_081e, codeAt(0x1000_081e, [0x88, 0x47]));
    expect(throughRegister).toMatchObject({ call: "indirect", next: [0x1000_0820] });
  });

  it("reads the table behind a jump by bytes", () => {
    // add r0, pc; ldrb r0, [r0, #4]; lsls r0, r0, #1; add pc, r0; the table; code
    const bytes = [0x78, 0x44, 0x00, 0x79, 0x40, 0x00, 0x87, 0x44, 0x00, 0x01, 0x70, 0x47, 0x70, 0x47];
    const next = flowStepAt(0x106, codeAt(0x100, bytes))!.next;
    expect(next).toEqual([0x10a, 0x10c]);
  });

  it("reads the table of words of a jump", () => {
    // adr r0, #4; ldr r0, [r0, r1]; mov pc, r0; nop; two words; code
    const words = [0x11, 0x01, 0, 0, 0x13, 0x01, 0, 0];
    const bytes = [0x01, 0xa0, 0x40, 0x58, 0x87, 0x46, 0xc0, 0x46, ...words, 0x70, 0x47];
    expect(flowStepAt(0x104, codeAt(0x100, bytes))!.next).toEqual([0x110, 0x112]);
  });

  it("is undefined where nothing can be read", () => {
    expect(flowStepAt(0x200, codeAt(0x100, []))).toBeUndefined();
  });
});
