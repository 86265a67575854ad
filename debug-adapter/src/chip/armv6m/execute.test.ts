import { describe, expect, test } from "vitest";
import { CODE, CoreFixture, FLASH, RAM, RAM_SIZE, STACK } from "#test/helpers/core-fixture";
import * as thumb from "#test/helpers/thumb";

const BUS = 0x40000000;
const IO = 0xd0000000;
const HARD_FAULT = 3;

/** Result and flags of `opcode` with R0 and R1 as given. */
function check(opcode: number, [first, second]: readonly [number, number], flags: string): string {
  const fixture = new CoreFixture([opcode]).set({ 0: first, 1: second }).setFlags(flags);
  fixture.step();
  return `${fixture.register(0).toString(16)} ${fixture.flags()}`;
}

describe("flags at the edges (A2.2.1)", () => {
  test.each([
    ["ADDS carries and overflows", thumb.adds(0, 0, 1), 0x80000000, 0x80000000, "0 nZCV"],
    ["ADDS overflows without carry", thumb.adds(0, 0, 1), 0x7fffffff, 1, "80000000 NzcV"],
    ["ADDS carries without overflow", thumb.adds(0, 0, 1), 0xffffffff, 1, "0 nZCv"],
    ["ADDS #imm overflows", thumb.addsImmediate(0, 1), 0x7fffffff, 0, "80000000 NzcV"],
    ["ADDS #imm carries", thumb.addsImmediate(0, 1), 0xffffffff, 0, "0 nZCv"],
    ["SUBS of equals does not borrow", thumb.subs(0, 0, 1), 5, 5, "0 nZCv"],
    ["SUBS borrows", thumb.subs(0, 0, 1), 0, 1, "ffffffff Nzcv"],
    ["SUBS overflows", thumb.subs(0, 0, 1), 0x80000000, 1, "7fffffff nzCV"],
    ["SUBS #imm overflows", thumb.subsImmediate(0, 1), 0x80000000, 0, "7fffffff nzCV"],
    ["SUBS #imm borrows", thumb.subsImmediate(0, 1), 0, 0, "ffffffff Nzcv"],
    ["RSBS of 0", thumb.data("rsbs", 0, 1), 9, 0, "0 nZCv"],
    ["RSBS of the smallest number", thumb.data("rsbs", 0, 1), 9, 0x80000000, "80000000 NzcV"],
    ["CMN", thumb.data("cmn", 0, 1), 1, 0xffffffff, "1 nZCv"],
    ["LSRS #32", thumb.lsrs(0, 1, 32), 0, 0x80000000, "0 nZCv"],
    ["ASRS #32", thumb.asrs(0, 1, 32), 0, 0x80000000, "ffffffff NzCv"],
    ["LSLS by 32", thumb.data("lsls", 0, 1), 1, 32, "0 nZCv"],
    ["LSLS by 33", thumb.data("lsls", 0, 1), 1, 33, "0 nZcv"],
    ["LSRS by 32", thumb.data("lsrs", 0, 1), 0x80000000, 32, "0 nZCv"],
    ["LSRS by 33", thumb.data("lsrs", 0, 1), 0x80000000, 33, "0 nZcv"],
    ["ASRS by 200", thumb.data("asrs", 0, 1), 0x80000000, 200, "ffffffff NzCv"],
    ["RORS by 32", thumb.data("rors", 0, 1), 0x80000001, 32, "80000001 NzCv"],
    ["RORS by 33", thumb.data("rors", 0, 1), 0x80000001, 33, "c0000000 NzCv"],
    ["only the low byte of a shift counts", thumb.data("lsls", 0, 1), 1, 0x101, "2 nzcv"],
  ])("%s", (_name, opcode, first, second, expected) => {
    expect(check(opcode, [first, second], "nzcv")).toBe(expected);
  });

  test("a shift by 0 keeps C, MULS keeps C and V, ADCS and SBCS use C", () => {
    for (const name of ["lsls", "lsrs", "asrs", "rors"] as const) {
      expect(check(thumb.data(name, 0, 1), [2, 0], "NZCV")).toBe("2 nzCV");
    }
    expect(check(thumb.data("muls", 0, 1), [3, 5], "nzCV")).toBe("f nzCV");
    expect(check(thumb.data("adcs", 0, 1), [0xffffffff, 0xffffffff], "nzCv")).toBe("ffffffff NzCv");
    expect(check(thumb.data("adcs", 0, 1), [0xffffffff, 0], "nzCv")).toBe("0 nZCv");
    expect(check(thumb.data("sbcs", 0, 1), [0, 0xffffffff], "nzcv")).toBe("0 nZcv");
    expect(check(thumb.data("sbcs", 0, 1), [0, 0xffffffff], "nzCv")).toBe("1 nzcv");
  });

  test("N and Z can be set at once by MSR, and conditions see both", () => {
    const fixture = new CoreFixture([
      ...thumb.msr("apsr", 0),
      thumb.bcond("mi", 8),
      0,
      0,
      0,
      thumb.bcond("eq", 8),
    ]);
    fixture.set({ 0: 0xf0000000 }).step(2);
    expect(fixture.flags()).toBe("NZCV");
    expect(fixture.register(15)).toBe(CODE + 12);
    fixture.step();
    expect(fixture.register(15)).toBe(CODE + 20);
  });
});

describe("cycles (Cortex-M0+ TRM table 3-1)", () => {
  const ready = { 0: RAM, 1: 4, 2: IO, 3: BUS };
  test.each([
    ["data processing", [thumb.movs(4, 1)], 1],
    ["MULS", [thumb.data("muls", 1, 1)], 1],
    ["a load", [thumb.ldr(4, 0)], 2],
    ["a store", [thumb.str(4, 0)], 2],
    ["a load from the IO port", [thumb.ldr(4, 2)], 1],
    ["a store to the IO port", [thumb.str(4, 2)], 1],
    ["a load from the bus with three wait cycles", [thumb.ldr(4, 3)], 5],
    ["a store to the bus with three wait cycles", [thumb.str(4, 3)], 5],
    ["a literal", [thumb.ldrLiteral(4, 0)], 2],
    ["PUSH of three", [thumb.push(4, 5, 14)], 4],
    ["POP of three", [thumb.pop(4, 5, 6)], 4],
    ["LDM of two", [thumb.ldm(0, 4, 5)], 3],
    ["STM of two", [thumb.stm(0, 4, 5)], 3],
    ["a branch", [thumb.b(8)], 2],
    ["a branch not taken", [thumb.bcond("eq", 8)], 1],
    ["a branch taken", [thumb.bcond("ne", 8)], 2],
    ["BL", [thumb.bl(8)], 3],
    ["a write to PC", [thumb.mov(15, 14)], 2],
    ["BX", [thumb.bx(14)], 2],
    ["BLX", [thumb.blx(14)], 2],
    ["a barrier", [thumb.DSB], 3],
    ["MRS", [thumb.mrs(4, "apsr")], 3],
    ["MRS of PRIMASK", [thumb.mrs(4, "primask")], 3],
    ["MSR", [thumb.msr("apsr", 4)], 3],
    ["CPS", [thumb.CPSID], 1],
    ["SEV", [thumb.SEV], 1],
    ["NOP", [thumb.NOP], 1],
  ] as const)("%s", (_name, program, cycles) => {
    const fixture = new CoreFixture(program);
    fixture.bus.latency = 3;
    fixture.set({ ...ready, 13: STACK - 64, 14: CODE | 1 }).setFlags("nzcv");
    expect(fixture.cyclesOf(1)).toBe(cycles);
  });

  test("POP with PC: 3 and one each", () => {
    const fixture = new CoreFixture([thumb.push(4, 14), thumb.pop(4, 15)]).set({ 14: CODE | 1 });
    fixture.step();
    expect(fixture.cyclesOf(1)).toBe(5);
    expect(fixture.register(15)).toBe(CODE);
  });
});

describe("loads and stores", () => {
  test("reach RAM and flash at every size", () => {
    const fixture = new CoreFixture([
      thumb.str(1, 0),
      thumb.ldrh(2, 0, 2),
      thumb.ldrb(3, 0, 3),
      thumb.ldrshRegister(4, 0, 5),
    ]);
    fixture.set({ 0: RAM + 8, 1: 0x8765abcd, 5: 0 }).step(4);
    expect([2, 3, 4].map((i) => fixture.register(i))).toEqual([0x8765, 0x87, 0xffffabcd]);
    const flash = new CoreFixture([thumb.ldr(1, 0), thumb.ldrh(2, 0, 0), thumb.ldrsbRegister(3, 0, 4)]);
    flash.set({ 0: FLASH, 4: 3 }).step(3);
    expect([1, 2, 3].map((i) => flash.register(i))).toEqual([STACK, STACK & 0xffff, 0x20]);
  });

  test("the first and the last word of RAM, and no further", () => {
    const fixture = new CoreFixture([thumb.str(1, 0), thumb.str(1, 2), thumb.str(1, 3)]);
    fixture.set({ 0: RAM, 1: 7, 2: RAM + RAM_SIZE - 4, 3: RAM + RAM_SIZE }).step(3);
    expect([fixture.word(RAM), fixture.word(RAM + RAM_SIZE - 4)]).toEqual([7, 7]);
    expect(fixture.bus.log).toEqual([`write ${(RAM + RAM_SIZE).toString(16)} 4 7`]);
  });

  test("a multiple transfer across the end of RAM goes on to the bus", () => {
    const fixture = new CoreFixture([thumb.stm(0, 1, 2), thumb.ldm(3, 4, 5)]);
    const last = RAM + RAM_SIZE - 4;
    fixture.set({ 0: last, 1: 11, 2: 22, 3: last }).step(2);
    expect(fixture.bus.log).toEqual([
      `write ${(last + 4).toString(16)} 4 16`,
      `read ${(last + 4).toString(16)} 4`,
    ]);
    expect([0, 3, 4, 5].map((i) => fixture.register(i))).toEqual([last + 8, last + 8, 11, 22]);
  });

  test("a store to flash is the bus's affair", () => {
    const fixture = new CoreFixture([thumb.str(1, 0)]).set({ 0: FLASH, 1: 7 });
    fixture.step();
    expect(fixture.word(FLASH)).toBe(STACK);
    expect(fixture.bus.log).toEqual(["write 10000000 4 7"]);
  });

  test("LDM keeps a loaded base, STM stores the old one", () => {
    const fixture = new CoreFixture([thumb.stm(0, 0, 1), thumb.ldm(2, 2, 3)]).set({ 0: RAM, 1: 5, 2: RAM });
    fixture.step(2);
    expect([0, 2, 3].map((i) => fixture.register(i))).toEqual([RAM + 8, RAM, 5]);
  });

  test("time and PC are right whenever the bus is accessed", () => {
    const fixture = new CoreFixture([thumb.movs(1, 1), thumb.b(4), thumb.NOP, thumb.str(1, 0)]).set({
      0: BUS,
    });
    const seen: number[] = [];
    fixture.bus.onAccess = () => seen.push(fixture.clock.syncedTo, fixture.register(15), fixture.register(1));
    fixture.core.run(Infinity, 4);
    expect(seen).toEqual([3, CODE + 6, 1]);
  });

  test("an access that moves the deadline ends the run", () => {
    const fixture = new CoreFixture([thumb.str(1, 0), thumb.NOP]).set({ 0: BUS });
    fixture.bus.onAccess = () => fixture.clock.revision++;
    expect(fixture.core.run(1000, 1000)).toBe("deadline");
    expect(fixture.core.instructions).toBe(1);
  });
});

describe("what cannot be done is a HardFault at the instruction (B1.5.14)", () => {
  test.each([
    ["an unaligned word", [thumb.ldr(1, 0)], RAM + 2],
    ["an unaligned halfword", [thumb.strh(1, 0)], RAM + 1],
    ["an unaligned LDM", [thumb.ldm(0, 1)], RAM + 1],
    ["an unaligned STM", [thumb.stm(0, 1)], RAM + 2],
    ["a bus fault on a load", [thumb.ldr(1, 0)], 0x90000000],
    ["a bus fault on a store", [thumb.strb(1, 0)], 0x90000000],
    ["a bus fault in the middle of LDM", [thumb.ldm(0, 1, 2)], 0x8ffffffc],
    ["UDF", [thumb.udf(0)], RAM],
    ["UDF.W", [thumb.UDF_WIDE], RAM],
    ["an undefined instruction", [0xb100], RAM],
  ] as const)("%s", (_name, program, address) => {
    const fixture = new CoreFixture(program).set({ 0: address, 1: 0x11 });
    fixture.step();
    expect(fixture.core.xpsr() & 0x3f).toBe(HARD_FAULT);
    expect(fixture.word(fixture.register(13) + 24)).toBe(CODE);
    expect([0, 1].map((i) => fixture.register(i))).toEqual([address, 0x11]);
  });

  test("a jump to where nothing is: the return address is the target", () => {
    const fixture = new CoreFixture([thumb.bx(0)]).set({ 0: 0x30000001 });
    fixture.step(2);
    expect(fixture.word(fixture.register(13) + 24)).toBe(0x30000000);
  });

  test("a jump to an even address: the frame says that T is 0 (A4.1.1)", () => {
    const fixture = new CoreFixture([thumb.bx(0)]).set({ 0: CODE + 8 });
    fixture.step();
    const frame = fixture.register(13);
    expect(fixture.core.xpsr() & 0x3f).toBe(HARD_FAULT);
    expect([fixture.word(frame + 24), fixture.word(frame + 28) & (1 << 24)]).toEqual([CODE + 8, 0]);
  });

  test("BLX to an even address", () => {
    const fixture = new CoreFixture([thumb.blx(0)]).set({ 0: CODE });
    fixture.step();
    expect(fixture.core.xpsr() & 0x3f).toBe(HARD_FAULT);
    expect(fixture.word(fixture.register(13) + 20)).toBe(CODE + 3);
  });

  test("running off the end of flash", () => {
    const fixture = new CoreFixture([]);
    fixture.place(FLASH + 0xfffe, [thumb.NOP]);
    fixture.core.writeRegister(15, FLASH + 0xfffe);
    fixture.step(2);
    expect(fixture.word(fixture.register(13) + 24)).toBe(FLASH + 0x10000);
  });
});

describe("jumps", () => {
  test("between flash and RAM, by BX, BL and POP", () => {
    const fixture = new CoreFixture([thumb.blx(0), thumb.movs(2, 2)]).set({ 0: RAM + 1 });
    fixture.place(RAM, [thumb.push(14), thumb.movs(1, 1), thumb.pop(15)]);
    fixture.step(5);
    expect([1, 2, 15].map((i) => fixture.register(i))).toEqual([1, 2, CODE + 4]);
  });

  test.each(thumb.CONDITIONS)("out of the region on condition %s", (condition) => {
    for (const flags of ["nzcv", "Nzcv", "nZcv", "nzCv", "nzcV", "NzcV", "nZCv"]) {
      const near = new CoreFixture([thumb.bcond(condition, 8)]).setFlags(flags);
      near.step();
      const far = new CoreFixture([]).setFlags(flags);
      far.place(RAM, [thumb.bcond(condition, -8)]);
      far.core.writeRegister(15, RAM);
      far.step();
      const isTaken = near.register(15) === CODE + 8;
      expect(far.register(15)).toBe(isTaken ? RAM - 8 : RAM + 2);
    }
  });

  test("SP stays a multiple of four", () => {
    const fixture = new CoreFixture([thumb.mov(13, 0), thumb.addHigh(13, 1)]).set({ 0: RAM + 7, 1: 5 });
    fixture.step();
    expect(fixture.register(13)).toBe(RAM + 4);
    fixture.step();
    expect(fixture.register(13)).toBe(RAM + 8);
  });
});

describe("special registers (B5.2)", () => {
  test("MSP and PSP: CONTROL.SPSEL chooses in thread mode", () => {
    const fixture = new CoreFixture([
      ...thumb.msr("psp", 0),
      ...thumb.msr("control", 1),
      thumb.push(2),
      ...thumb.mrs(3, "msp"),
      ...thumb.mrs(4, "psp"),
      ...thumb.mrs(5, "control"),
    ]).set({ 0: RAM + 0x100, 1: 2, 2: 99 });
    fixture.step(6);
    expect([3, 4, 5].map((i) => fixture.register(i))).toEqual([STACK, RAM + 0xfc, 2]);
    expect(fixture.word(RAM + 0xfc)).toBe(99);
  });

  test("unprivileged code cannot mask or move stacks", () => {
    const fixture = new CoreFixture([
      ...thumb.msr("control", 1),
      thumb.CPSID,
      ...thumb.msr("psp", 0),
      ...thumb.mrs(3, "psp"),
    ]);
    fixture.set({ 0: RAM, 1: 1, 3: 7 }).step(4);
    expect(fixture.register(3)).toBe(0);
    expect(fixture.core.processStackPointer).toBe(0);
  });
});
