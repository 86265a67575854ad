import { describe, expect, it } from "vitest";
import { address } from "../base/brand";
import { disassemble, instructionText } from "./disassemble";

/** Half-words as they lie in memory, from 0x10000000 on. */
function textOf(...halves: readonly number[]): string[] {
  const bytes = Uint8Array.from(halves.flatMap((half) => [half & 255, half >>> 8]));
  return disassemble(bytes, address(0x1000_0000)).map((each) => {
    const { reference } = each;
    const target = reference === undefined ? "" : ` ; ${reference.kind} ${reference.address.toString(16)}`;
    return `${each.address.toString(16)}+${each.byteSize} ${instructionText(each)}${target}`;
  });
}

describe("disassemble", () => {
  it("goes on after each instruction, of two bytes or four", () => {
    expect(textOf(0xb510, 0xf000, 0xf802, 0xbd10)).toEqual([
      "10000000+2 push {r4, lr}",
      "10000002+4 bl 0x1000000a ; call 1000000a",
      "10000006+2 pop {r4, pc}",
    ]);
  });

  it("tells what an instruction refers to: literals lie at words counted from the next word but one", () => {
    expect(textOf(0xbf00, 0x4801, 0xa001, 0xe7fe)).toEqual([
      "10000000+2 nop",
      "10000002+2 ldr r0, [pc, #4] ; literal 10000008",
      "10000004+2 adr r0, #4 ; address 1000000c",
      "10000006+2 b 0x10000006 ; branch 10000006",
    ]);
  });

  it("shows bits that are no instruction as an assembler takes them", () => {
    expect(textOf(0xb100, 0xf7f0, 0x8000)).toEqual([
      "10000000+2 .inst.n 0xb100",
      "10000002+4 .inst.w 0xf7f08000",
    ]);
  });

  it("wraps addresses at the ends of memory", () => {
    const [back] = disassemble(Uint8Array.of(0xfc, 0xe7), address(0));
    expect(back!.reference).toEqual({ kind: "branch", address: 0xffff_fffc });
  });

  it("leaves out what is not whole", () => {
    expect(textOf(0xbf00, 0xf000)).toEqual(["10000000+2 nop"]);
    expect(disassemble(Uint8Array.of(0x00), address(0))).toEqual([]);
    expect(disassemble(new Uint8Array(0), address(0))).toEqual([]);
  });
});
