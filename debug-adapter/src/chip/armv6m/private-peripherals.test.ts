import { describe, expect, test } from "vitest";
import { CoreFixture } from "#test/helpers/core-fixture";
import * as thumb from "#test/helpers/thumb";
import { SYSTICK } from "./core-state";

const PPB = 0xe0000000;
const SYST = 0xe010;
const CSR = SYST;
const RVR = SYST + 4;
const CVR = SYST + 8;

function nops(options: ConstructorParameters<typeof CoreFixture>[1] = {}): CoreFixture {
  return new CoreFixture([thumb.NOP, thumb.NOP, thumb.NOP, thumb.b(-6)], options);
}

/** Reads a register as the core does. */
function read(fixture: CoreFixture, offset: number): number {
  fixture.core.accessCycle = fixture.core.cycles;
  return fixture.core.systemControl.read(offset) >>> 0;
}

function write(fixture: CoreFixture, offset: number, value: number): void {
  fixture.core.accessCycle = fixture.core.cycles;
  fixture.core.systemControl.write(offset, value);
}

describe("SysTick (ARMv6-M ARM B3.3)", () => {
  test("counts down to 0, reloads, and sets COUNTFLAG until it is read", () => {
    const fixture = nops();
    write(fixture, RVR, 9);
    write(fixture, CSR, 5);
    expect(read(fixture, CVR)).toBe(0);
    fixture.core.skipTo(1);
    expect(read(fixture, CVR)).toBe(9);
    fixture.core.skipTo(10);
    expect(read(fixture, CVR)).toBe(0);
    expect(read(fixture, CSR)).toBe(0x10005);
    expect(read(fixture, CSR)).toBe(5);
    fixture.core.skipTo(24);
    expect(read(fixture, CVR)).toBe(6);
  });

  test("a write to the counter clears it and the flag", () => {
    const fixture = nops();
    write(fixture, RVR, 9);
    write(fixture, CSR, 5);
    fixture.core.skipTo(15);
    write(fixture, CVR, 1234);
    expect([read(fixture, CVR), read(fixture, CSR)]).toEqual([0, 5]);
  });

  test("raises its exception every RELOAD + 1 cycles, also while the core sleeps", () => {
    const cycles: number[] = [];
    const fixture: CoreFixture = new CoreFixture([thumb.WFI, thumb.b(-2)], {
      handlers: { [SYSTICK]: [thumb.bx(14)] },
      hooks: { onExceptionEntry: () => cycles.push(fixture.core.cycles) },
    });
    write(fixture, RVR, 99);
    write(fixture, CSR, 7);
    while (fixture.core.cycles < 450) {
      if (fixture.core.run(450) === "sleep") fixture.core.skipTo(Math.min(450, fixture.core.nextTimerCycle));
    }
    expect(cycles).toEqual([115, 215, 315, 415]);
  });

  test("the external reference is as slow as the machine says", () => {
    const fixture = nops();
    fixture.core.sysTick.setReference(125, 0);
    write(fixture, RVR, 9);
    write(fixture, CSR, 1);
    fixture.core.skipTo(250);
    expect(read(fixture, CVR)).toBe(8);
  });

  test("with RELOAD 0 it stops at 0", () => {
    const fixture = nops();
    write(fixture, CSR, 7);
    fixture.core.skipTo(1000);
    expect([read(fixture, CVR), fixture.core.nextTimerCycle]).toEqual([0, Infinity]);
  });
});

describe("system control block (B3.2)", () => {
  test("what is fixed", () => {
    const fixture = nops();
    expect(read(fixture, 0xed00)).toBe(0x410cc601);
    expect(read(fixture, 0xed14)).toBe(0x208);
    expect(read(fixture, 0xed0c)).toBe(0xfa050000);
  });

  test("VTOR, SHPR and SCR keep the bits that exist", () => {
    const fixture = nops();
    write(fixture, 0xed08, 0xffffffff);
    write(fixture, 0xed1c, 0xffffffff);
    write(fixture, 0xed20, 0x40ff0000);
    write(fixture, 0xed10, 0xffffffff);
    expect([0xed08, 0xed1c, 0xed20, 0xed10].map((offset) => read(fixture, offset))).toEqual([
      0xffffff00, 0xc0000000, 0x40c00000, 0x16,
    ]);
  });

  test("ICSR tells what is active and what comes next", () => {
    const fixture = nops();
    fixture.core.nvic.write(0x100, 1);
    fixture.core.nvic.write(0x200, 1);
    fixture.step();
    fixture.core.nvic.pend(14);
    expect(read(fixture, 0xed04)).toBe((1 << 28) | (14 << 12) | 16);
    write(fixture, 0xed04, 1 << 27);
    expect(read(fixture, 0xed04)).toBe(16);
  });

  test("narrow accesses reach their part of a word", () => {
    const fixture = new CoreFixture([thumb.strb(1, 0, 3), thumb.ldrb(2, 0, 3), thumb.ldrh(3, 0, 2)]);
    fixture.set({ 0: PPB + 0xe400, 1: 0x80 }).step(3);
    expect([2, 3].map((i) => fixture.register(i))).toEqual([0x80, 0x8000]);
    expect(fixture.core.nvic.priorityOf(19)).toBe(0x80);
  });

  test("the MPU keeps its registers; enabling it, and what does not exist, is told", () => {
    const told: string[] = [];
    const fixture = nops({
      hooks: { onUnimplemented: (register, access) => told.push(`${access} ${register}`) },
    });
    write(fixture, 0xed98, 3);
    write(fixture, 0xed9c, 0x20000100);
    write(fixture, 0xeda0, 0x1b);
    expect([0xed9c, 0xeda0].map((offset) => read(fixture, offset))).toEqual([0x20000103, 0x1b]);
    expect(told).toEqual([]);
    write(fixture, 0xed94, 1);
    read(fixture, 0xedf0);
    expect(told).toEqual(["write PPB MPU_CTRL", "read PPB 0xe000edf0"]);
  });
});
