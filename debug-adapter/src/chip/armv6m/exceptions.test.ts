import { describe, expect, test } from "vitest";
import {
  CODE,
  CoreFixture,
  handlerOf,
  RAM,
  STACK,
  type FixtureOptions,
  type Program,
} from "#test/helpers/core-fixture";
import * as thumb from "#test/helpers/thumb";
import { HARD_FAULT, IPSR, LR, NMI, PC, PENDSV, SP, SVCALL, SYSTICK } from "./core-state";

/** Returns by BX LR. */
const RETURN = [thumb.bx(14)];
const NVIC_ISER = 0xe000e100;
const NVIC_ISPR = 0xe000e200;
const IRQ0 = 16;

/** A fixture whose interrupts are all enabled, and the order in which exceptions are entered and left. */
function fixtureWith(
  program: Program,
  options: FixtureOptions = {},
): { fixture: CoreFixture; log: string[] } {
  const log: string[] = [];
  const fixture = new CoreFixture(program, {
    ...options,
    hooks: {
      onExceptionEntry: (exception) => log.push(`enter ${exception}`),
      onExceptionReturn: (exception) => log.push(`leave ${exception}`),
      onSleep: () => log.push("sleep"),
      onWake: () => log.push("wake"),
    },
  });
  fixture.core.nvic.write(0x100, 0xffffffff);
  return { fixture, log };
}

const handling = (fixture: CoreFixture) => fixture.core.special[IPSR];

describe("entry and return (B1.5.6 to B1.5.8)", () => {
  test("the frame holds R0 to R3, R12, LR, the return address and xPSR", () => {
    const { fixture } = fixtureWith([thumb.NOP, thumb.NOP]);
    fixture.set({ 0: 10, 1: 11, 2: 12, 3: 13, 12: 22, 14: 24 }).setFlags("nzCV").step();
    fixture.core.nvic.setLevel(0, true);
    fixture.step();
    const frame = fixture.register(SP);
    expect(frame).toBe(STACK - 32);
    const words = Array.from({ length: 8 }, (_, i) => fixture.word(frame + 4 * i));
    expect(words).toEqual([10, 11, 12, 13, 22, 24, CODE + 2, 0x31000000]);
    expect(fixture.register(LR)).toBe(0xfffffff9);
    expect(handling(fixture)).toBe(IRQ0);
  });

  test("a stack that is not a multiple of eight is aligned and restored", () => {
    const { fixture } = fixtureWith([thumb.NOP, thumb.NOP], { handlers: { [IRQ0]: RETURN } });
    fixture.set({ [SP]: STACK - 4 });
    fixture.core.nvic.setLevel(0, true);
    fixture.step(0);
    fixture.core.run(fixture.core.cycles + 16);
    expect(fixture.register(SP)).toBe(STACK - 40);
    expect(fixture.word(STACK - 40 + 28) & (1 << 9)).not.toBe(0);
    fixture.core.nvic.setLevel(0, false);
    fixture.step();
    expect([fixture.register(SP), fixture.register(PC)]).toEqual([STACK - 4, CODE]);
  });

  test("everything that is stacked comes back", () => {
    const { fixture } = fixtureWith([thumb.NOP, thumb.NOP], {
      handlers: { [IRQ0]: [thumb.movs(0, 0), thumb.movs(1, 0), thumb.mov(12, 0), thumb.bx(14)] },
    });
    fixture.set({ 0: 10, 1: 11, 12: 22, 14: 24 }).setFlags("NzCv");
    fixture.core.nvic.setLevel(0, true);
    fixture.step();
    fixture.core.nvic.setLevel(0, false);
    fixture.step(3);
    expect([0, 1, 12, 14, SP, PC].map((i) => fixture.register(i))).toEqual([10, 11, 22, 24, STACK, CODE]);
    expect(fixture.flags()).toBe("NzCv");
  });

  test("a thread on the process stack: the frame is there, the handler on the main stack", () => {
    const { fixture } = fixtureWith([...thumb.msr("psp", 0), ...thumb.msr("control", 1), thumb.NOP], {
      handlers: { [IRQ0]: [thumb.push(4), thumb.pop(4), thumb.bx(14)] },
    });
    fixture.set({ 0: RAM + 0x200, 1: 2 }).step(2);
    fixture.core.nvic.setLevel(0, true);
    fixture.step();
    expect(fixture.register(LR)).toBe(0xfffffffd);
    expect(fixture.core.processStackPointer).toBe(RAM + 0x200 - 32);
    expect(fixture.register(SP)).toBe(STACK - 4);
    fixture.core.nvic.setLevel(0, false);
    fixture.step(2);
    expect([fixture.register(SP), fixture.core.mainStackPointer]).toEqual([RAM + 0x200, STACK]);
  });

  test("entry takes 15 cycles, tail-chaining less", () => {
    const { fixture, log } = fixtureWith([thumb.NOP], { handlers: { [IRQ0]: RETURN, [IRQ0 + 1]: RETURN } });
    fixture.core.nvic.write(0x200, 3);
    expect(fixture.cyclesOf(1)).toBe(15 + 2 + 6);
    expect(log).toEqual(["enter 16", "leave 16", "enter 17"]);
    expect(fixture.register(SP)).toBe(STACK - 32);
    fixture.step();
    expect([fixture.register(SP), fixture.register(PC)]).toEqual([STACK, CODE]);
  });

  test("an EXC_RETURN that fits no active exception is a fault (B1.5.8)", () => {
    // The only active exception cannot return to another handler.
    const { fixture, log } = fixtureWith([thumb.NOP], {
      handlers: { [IRQ0]: [thumb.subsImmediate(0, 0), thumb.mov(14, 4), thumb.bx(14)] },
    });
    fixture.set({ 4: 0xfffffff1 });
    fixture.core.nvic.write(0x200, 1);
    fixture.step(3);
    expect(log).toEqual(["enter 16", "leave 16", `enter ${HARD_FAULT}`]);
  });
});

describe("priorities (B1.5.4)", () => {
  const handlers = { [IRQ0]: [thumb.NOP, thumb.NOP, thumb.bx(14)], [IRQ0 + 1]: RETURN, [IRQ0 + 2]: RETURN };

  test("a lower number preempts, an equal one waits", () => {
    const { fixture, log } = fixtureWith([thumb.NOP], { handlers });
    fixture.core.nvic.write(0x400, 0x004080);
    fixture.core.nvic.setPriority(IRQ0 + 2, 0x80);
    fixture.core.nvic.write(0x200, 1);
    fixture.step();
    fixture.core.nvic.write(0x200, 4);
    fixture.step();
    expect(log).toEqual(["enter 16"]);
    fixture.core.nvic.write(0x200, 2);
    fixture.step(2);
    expect(log).toEqual(["enter 16", "enter 17", "leave 17", "leave 16", "enter 18"]);
  });

  test("of those pending the highest priority comes first, then the lowest number", () => {
    const { fixture, log } = fixtureWith([thumb.NOP], { handlers });
    fixture.core.nvic.write(0x400, 0x0040c0);
    fixture.core.nvic.setPriority(IRQ0 + 2, 0x40);
    fixture.core.nvic.write(0x200, 7);
    fixture.step(2);
    expect(log.filter((each) => each.startsWith("enter"))).toEqual(["enter 17", "enter 18", "enter 16"]);
  });

  test("a late arrival of higher priority is entered first, over one frame (B1.5.11)", () => {
    const { fixture, log } = fixtureWith([thumb.NOP], { handlers });
    fixture.core.nvic.write(0x400, 0x0040);
    fixture.core.nvic.write(0x200, 1);
    // The machine stops at its next event in the middle of the entry, where interrupt 1 arrives.
    expect(fixture.core.run(fixture.core.cycles + 5)).toBe("time");
    fixture.core.nvic.write(0x200, 2);
    fixture.step();
    expect(log).toEqual(["enter 17", "leave 17", "enter 16"]);
    expect(fixture.register(SP)).toBe(STACK - 32);
  });

  test("PRIMASK holds everything back but HardFault and NMI", () => {
    const { fixture, log } = fixtureWith([thumb.CPSID, thumb.NOP, thumb.CPSIE, thumb.NOP], {
      handlers: { [NMI]: RETURN },
    });
    fixture.step();
    fixture.core.nvic.write(0x200, 1);
    fixture.step();
    expect(log).toEqual([]);
    fixture.core.nvic.pend(NMI);
    fixture.step();
    expect(log).toEqual([`enter ${NMI}`, `leave ${NMI}`]);
    fixture.step(2);
    expect(log.at(-1)).toBe("enter 16");
    expect(fixture.word(fixture.register(SP) + 24)).toBe(CODE + 6);
  });

  test("only two bits of a priority exist", () => {
    const { fixture } = fixtureWith([]);
    fixture.core.nvic.write(0x400, 0xffffffff);
    expect(fixture.core.nvic.read(0x400)).toBe(0xc0c0c0c0);
  });

  test("PendSV and SysTick are pended by software, and told in ICSR", () => {
    const { fixture, log } = fixtureWith([thumb.str(1, 0), thumb.NOP], {
      handlers: { [PENDSV]: RETURN, [SYSTICK]: RETURN },
    });
    fixture.set({ 0: 0xe000ed04, 1: (1 << 28) | (1 << 26) }).step(3);
    expect(log.filter((each) => each.startsWith("enter"))).toEqual([`enter ${PENDSV}`, `enter ${SYSTICK}`]);
  });
});

describe("levels (Cortex-M0+ Generic User Guide 4.2.8)", () => {
  test("a line that stays high brings its handler back, one that has gone low does not", () => {
    const { fixture, log } = fixtureWith([thumb.NOP], { handlers: { [IRQ0]: RETURN } });
    fixture.core.nvic.setLevel(0, true);
    fixture.step(3);
    // Each return is chained to the next entry.
    expect(log.filter((each) => each === "enter 16")).toHaveLength(4);
    fixture.core.nvic.setLevel(0, false);
    fixture.step();
    const before = log.length;
    fixture.step(2);
    expect(log.slice(before)).toEqual([]);
  });

  test("a line that goes high again while its handler runs", () => {
    const { fixture, log } = fixtureWith([thumb.NOP], { handlers: { [IRQ0]: [thumb.NOP, thumb.bx(14)] } });
    fixture.core.nvic.setLevel(0, true);
    fixture.step();
    fixture.core.nvic.setLevel(0, false);
    fixture.core.nvic.setLevel(0, true);
    fixture.step(2);
    expect(log.filter((each) => each === "enter 16")).toHaveLength(2);
  });

  test("a line that is high cannot be unpended, a pulse stays pending", () => {
    const { fixture } = fixtureWith([]);
    fixture.core.nvic.write(0x180, 0xffffffff);
    fixture.core.nvic.setLevel(3, true);
    fixture.core.nvic.write(0x280, 8);
    expect(fixture.core.nvic.read(0x200)).toBe(8);
    fixture.core.nvic.setLevel(3, false);
    expect(fixture.core.nvic.read(0x200)).toBe(8);
    fixture.core.nvic.write(0x280, 8);
    expect(fixture.core.nvic.read(0x200)).toBe(0);
  });

  test("an interrupt pended by software is entered once", () => {
    const { fixture, log } = fixtureWith([thumb.str(1, 0), thumb.NOP], { handlers: { [IRQ0]: RETURN } });
    fixture.set({ 0: NVIC_ISPR, 1: 1 }).step(6);
    expect(log).toEqual(["enter 16", "leave 16"]);
  });

  test("interrupts are enabled through the private peripheral bus", () => {
    const { fixture, log } = fixtureWith([thumb.str(1, 0)]);
    fixture.core.nvic.write(0x180, 0xffffffff);
    fixture.core.nvic.setLevel(5, true);
    fixture.set({ 0: NVIC_ISER, 1: 32 }).step();
    fixture.step();
    expect(log).toEqual(["enter 21"]);
    // There is no interrupt 26 on this chip.
    fixture.core.nvic.write(0x100, 1 << 26);
    expect(fixture.core.nvic.read(0x100)).toBe(32);
  });
});

describe("faults and lockup (B1.5.14, B1.5.15)", () => {
  test("SVC enters its handler and returns behind itself", () => {
    const { fixture, log } = fixtureWith([thumb.svc(7), thumb.NOP], { handlers: { [SVCALL]: RETURN } });
    fixture.step();
    expect(handling(fixture)).toBe(SVCALL);
    fixture.step();
    expect([fixture.register(PC), ...log]).toEqual([CODE + 2, "enter 11", "leave 11"]);
  });

  test("SVC that its priority or PRIMASK does not let in is a HardFault", () => {
    const masked = fixtureWith([thumb.CPSID, thumb.svc(0)]);
    masked.fixture.step(2);
    expect(masked.log).toEqual([`enter ${HARD_FAULT}`]);
    expect(masked.fixture.word(masked.fixture.register(SP) + 24)).toBe(CODE + 2);
    const nested = fixtureWith([thumb.svc(0)], { handlers: { [SVCALL]: [thumb.svc(0)] } });
    nested.fixture.step(2);
    expect(nested.log).toEqual(["enter 11", `enter ${HARD_FAULT}`]);
  });

  test("a fault in HardFault locks the core up", () => {
    const { fixture } = fixtureWith([thumb.udf(0)], { handlers: { [HARD_FAULT]: [thumb.udf(0)] } });
    expect(fixture.step(5)).toBe("lockup");
    expect(fixture.step()).toBe("lockup");
    expect(fixture.register(PC)).toBe(0xfffffffe);
  });

  test("a HardFault handler can return and go on", () => {
    const { fixture } = fixtureWith([thumb.udf(0), thumb.movs(4, 4)], {
      handlers: {
        // Moves the stacked return address on by two.
        [HARD_FAULT]: [thumb.ldrSp(0, 24), thumb.addsImmediate(0, 2), thumb.strSp(0, 24), thumb.bx(14)],
      },
    });
    fixture.step(6);
    expect(fixture.register(4)).toBe(4);
  });

  test("a stack that cannot be written: HardFault cannot be entered either", () => {
    const { fixture } = fixtureWith([thumb.udf(0)]);
    fixture.set({ [SP]: 0x90000100 });
    expect(fixture.step()).toBe("lockup");
  });

  test("an interrupt whose frame cannot be written stays pending, and HardFault takes its place", () => {
    const { fixture, log } = fixtureWith([thumb.NOP]);
    fixture.set({ [SP]: 0x90000100 });
    fixture.core.nvic.write(0x200, 1);
    fixture.step();
    expect(log).toEqual([`enter ${HARD_FAULT}`]);
    expect(fixture.core.nvic.read(0x200)).toBe(1);
  });

  test("a vector to an even address is a HardFault", () => {
    const { fixture, log } = fixtureWith([thumb.NOP]);
    fixture.flash.words[IRQ0] = handlerOf(IRQ0);
    fixture.core.nvic.write(0x200, 1);
    fixture.step();
    expect(log).toEqual(["enter 16", `enter ${HARD_FAULT}`]);
  });

  test("BKPT stops in front of itself", () => {
    const { fixture } = fixtureWith([thumb.NOP, thumb.bkpt(1)]);
    expect(fixture.step(5)).toBe("breakpoint-instruction");
    expect([fixture.register(PC), fixture.core.instructions]).toEqual([CODE + 2, 1]);
  });
});

describe("sleep and events (B1.5.18, B1.5.19)", () => {
  test("WFE sleeps until an event, and an event before it makes it pass", () => {
    const { fixture, log } = fixtureWith([thumb.SEV, thumb.WFE, thumb.WFE, thumb.NOP]);
    expect(fixture.step(5)).toBe("sleep");
    expect([fixture.core.instructions, fixture.eventsSent]).toEqual([3, 1]);
    expect(fixture.step(5)).toBe("sleep");
    fixture.core.skipTo(1000);
    fixture.core.sendEvent();
    expect(fixture.step(1)).toBe("budget");
    expect(log).toEqual(["sleep", "wake"]);
    expect(fixture.core.cycles).toBe(1001);
  });

  test("an exception's entry and return are events: the WFE after it passes", () => {
    const { fixture } = fixtureWith([thumb.WFE, thumb.WFE, thumb.WFE], { handlers: { [IRQ0]: RETURN } });
    expect(fixture.step(9)).toBe("sleep");
    fixture.core.nvic.write(0x200, 1);
    expect(fixture.step(9)).toBe("sleep");
    // The handler's return, the second WFE, which passes, and the third, which sleeps.
    expect(fixture.core.instructions).toBe(4);
  });

  test("WFE with PRIMASK set: a masked interrupt does not wake, unless SEVONPEND says so", () => {
    const { fixture } = fixtureWith([thumb.CPSID, thumb.WFE, thumb.NOP]);
    fixture.step(9);
    fixture.core.nvic.setLevel(0, true);
    expect(fixture.step(1)).toBe("sleep");
    const waking = fixtureWith([thumb.CPSID, thumb.WFE, thumb.NOP]).fixture;
    waking.core.systemControl.write(0xed10, 16);
    waking.core.nvic.write(0x180, 0xffffffff);
    waking.step(9);
    waking.core.nvic.setLevel(0, true);
    expect(waking.step(1)).toBe("budget");
  });

  test("WFI with PRIMASK set only wakes; the interrupt comes with CPSIE", () => {
    const { fixture, log } = fixtureWith([thumb.CPSID, thumb.WFI, thumb.NOP, thumb.CPSIE, thumb.NOP]);
    expect(fixture.step(9)).toBe("sleep");
    fixture.core.nvic.setLevel(0, true);
    fixture.step();
    expect(log).toEqual(["sleep", "wake"]);
    fixture.step(2);
    expect(log).toEqual(["sleep", "wake", "enter 16"]);
  });

  test("WFI with an interrupt pending does not sleep", () => {
    const { fixture, log } = fixtureWith([thumb.CPSID, thumb.WFI, thumb.NOP]);
    fixture.core.nvic.write(0x200, 1);
    fixture.core.special[1] = 1;
    fixture.core.reviewAttention();
    expect(fixture.step(3)).toBe("budget");
    expect(log).toEqual([]);
  });

  test("an event does not wake WFI, an interrupt that is not enabled neither", () => {
    const { fixture } = fixtureWith([thumb.WFI, thumb.NOP]);
    fixture.core.nvic.write(0x180, 0xffffffff);
    fixture.step(2);
    fixture.core.sendEvent();
    fixture.core.nvic.setLevel(0, true);
    expect(fixture.step(1)).toBe("sleep");
  });

  test("SLEEPONEXIT: the return to the thread sleeps (B1.5.20)", () => {
    const { fixture, log } = fixtureWith([thumb.NOP], { handlers: { [IRQ0]: RETURN } });
    fixture.core.systemControl.write(0xed10, 2);
    fixture.core.nvic.write(0x200, 1);
    expect(fixture.step(3)).toBe("sleep");
    expect(log).toEqual(["enter 16", "leave 16", "sleep"]);
  });
});
