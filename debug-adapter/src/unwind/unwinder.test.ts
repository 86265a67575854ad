import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { address } from "../base/brand";
import { DW_AT, DW_FORM, DW_TAG } from "../dwarf/constants";
import { loadProgram } from "../symbols/program";
import { Register } from "../target/architecture";
import { debugFrame } from "#test/helpers/call-frame-builder";
import { buildDwarf, type EntryDescription } from "#test/helpers/dwarf-builder";
import { expression } from "#test/helpers/expression-text";
import "#test/helpers/fixed-seed";
import { bl, bx, decrementSp, NOP, pop, push } from "#test/helpers/thumb";
import type { Backtrace } from "./backtrace";
import { Unwinder } from "./unwinder";

const RESET = 0x1000_0100;
const MAIN = 0x1000_0200;
const WORK = 0x1000_0300;
const HANDLER = 0x1000_0400;
const URGENT = 0x1000_0500;
/** Without call frame information. */
const BARE = 0x1000_0600;
/** Known to the linker only. */
const HIDDEN = 0x1000_0700;
const SIZE = 0x80;

const STACK = 0x2000_1000;
const PROCESS_STACK = 0x2000_2000;

/** push {r7, lr}; add r7, sp, #0 */
const USUAL = "advance_loc 2; def_cfa_offset 8; offset 14 1; offset 7 2; advance_loc 2; def_cfa_register 7";

function functionEntry(name: string, start: number, children: readonly EntryDescription[] = []) {
  return {
    id: name,
    tag: DW_TAG.subprogram,
    attributes: [
      [DW_AT.name, DW_FORM.string, name],
      [DW_AT.linkage_name, DW_FORM.string, name],
      [DW_AT.low_pc, DW_FORM.addr, start],
      [DW_AT.high_pc, DW_FORM.data4, SIZE],
      [DW_AT.frame_base, DW_FORM.exprloc, expression("reg7")],
    ] as const,
    children,
  };
}

/** `main` calls `work` at its offset 0x10, with r0 = r4 + 1. */
const callOfWork: EntryDescription = {
  tag: DW_TAG.GNU_call_site,
  attributes: [
    [DW_AT.low_pc, DW_FORM.addr, MAIN + 0x14],
    [DW_AT.abstract_origin, DW_FORM.ref4, { ref: "work" }],
  ],
  children: [
    {
      tag: DW_TAG.GNU_call_site_parameter,
      attributes: [
        [DW_AT.location, DW_FORM.exprloc, expression("reg0")],
        [DW_AT.GNU_call_site_value, DW_FORM.exprloc, expression("breg4 1")],
      ],
    },
  ],
};

const sections = buildDwarf(
  [
    {
      root: {
        tag: DW_TAG.compile_unit,
        children: [
          functionEntry("main", MAIN, [callOfWork]),
          functionEntry("work", WORK),
          functionEntry("handler", HANDLER),
          functionEntry("urgent", URGENT),
          functionEntry("bare", BARE),
        ],
      },
    },
  ],
  {
    ".debug_frame": debugFrame({
      functions: [
        { start: RESET, size: SIZE },
        ...[MAIN, WORK, HANDLER, URGENT].map((start) => ({ start, size: SIZE, program: USUAL })),
      ],
    }),
  },
);

interface Machine {
  /** Registers by number, or by name; the rest is 0. */
  readonly registers: Readonly<Partial<Record<keyof typeof Register | "r4" | "r7", number>>>;
  /** Words by address: the stacks. */
  readonly words: Readonly<Record<number, number>>;
  /** Instructions by address; the rest of the code does nothing. */
  readonly code?: Readonly<Record<number, readonly number[]>>;
  readonly depthLimit?: number;
}

function unwind({ registers, words, code = {}, depthLimit = 50 }: Machine): Backtrace {
  const program = loadProgram(sections);
  const unwinder = new Unwinder(program, sections, {
    entry: RESET | 1,
    depthLimit,
    exceptionName: (exception) => (exception === 16 ? "TIMER_IRQ_0" : undefined),
    symbolAt: (at) =>
      at >= HIDDEN && at < HIDDEN + SIZE
        ? { name: "hidden", address: address(HIDDEN) }
        : at >= RESET && at < RESET + SIZE
          ? { name: "Reset", address: address(RESET) }
          : undefined,
  });
  const values = new Array<number>(21).fill(0);
  const numbers = { ...Register, r4: 4, r7: 7 };
  for (const [name, value] of Object.entries(registers)) {
    values[numbers[name as keyof typeof numbers]] = value;
    if (name === "sp") values[Register.msp] ||= value;
  }
  const bytes = memoryOf(words, code);
  const read = (at: number, length: number) => {
    const found = Array.from({ length }, (_, i) => bytes(at + i));
    return found.includes(undefined) ? undefined : Uint8Array.from(found as number[]);
  };
  return unwinder.unwind(values, {
    read,
    readUint: (at, size) => read(at, size)?.reduceRight((value, byte) => value * 256 + byte, 0),
  });
}

function memoryOf(words: Machine["words"], code: NonNullable<Machine["code"]>) {
  const halfwords = new Map<number, number>();
  for (const [start, instructions] of Object.entries(code)) {
    instructions.forEach((each, i) => halfwords.set(Number(start) + 2 * i, each));
  }
  return (at: number): number | undefined => {
    if (at >= 0x1000_0000 && at < 0x1000_1000) {
      return ((halfwords.get(at & ~1) ?? NOP) >>> (8 * (at & 1))) & 0xff;
    }
    const word = words[at - (at % 4)];
    return word === undefined ? undefined : (word >>> (8 * (at % 4))) & 0xff;
  };
}

function check(machine: Machine, frames: readonly string[], problem?: string): Backtrace {
  const backtrace = unwind(machine);
  const texts = backtrace.frames.map(
    ({ kind, name, pc }) => `${kind === "normal" ? "" : `${kind} `}${name} ${hex(pc)}`,
  );
  expect(texts).toEqual(frames);
  expect(backtrace.problem?.what).toBe(problem);
  return backtrace;
}

const hex = (value: number) => value.toString(16);

/** The stack of `work`, called by `main`, called by the reset handler. */
const CALLS = {
  registers: { pc: WORK + 8, sp: STACK, r7: STACK + 8, r4: 44 },
  words: {
    [STACK]: 1,
    [STACK + 4]: 2,
    [STACK + 8]: STACK + 0x18,
    [STACK + 0xc]: (MAIN + 0x14) | 1,
    [STACK + 0x10]: 3,
    [STACK + 0x14]: 4,
    [STACK + 0x18]: 0,
    [STACK + 0x1c]: (RESET + 4) | 1,
  },
  code: { [MAIN + 0x10]: bl(0x20), [RESET]: bl(0x20) },
} as const;

const IN_MAIN = [`main ${hex(MAIN + 0x14)}`, `Reset ${hex(RESET + 4)}`];
const IN_WORK = [`work ${hex(WORK + 8)}`, ...IN_MAIN];

describe("calls", () => {
  it("are followed to the reset handler", () => {
    const { frames } = check(CALLS, IN_WORK);
    expect(frames.map(({ machine }) => machine.cfa)).toEqual([STACK + 0x10, STACK + 0x20, undefined]);
    expect(frames.map(({ machine }) => machine.registers.get(Register.sp))).toEqual([
      STACK,
      STACK + 0x10,
      STACK + 0x20,
    ]);
  });

  it("are followed from prologues", () => {
    const { words, code } = CALLS;
    const lr = (MAIN + 0x14) | 1;
    check({ registers: { pc: WORK, sp: STACK + 0x10, r7: STACK + 0x18, lr }, words, code }, [
      `work ${hex(WORK)}`,
      ...IN_MAIN,
    ]);
    check({ registers: { pc: WORK + 2, sp: STACK + 8, r7: STACK + 0x18, lr }, words, code }, [
      `work ${hex(WORK + 2)}`,
      ...IN_MAIN,
    ]);
  });

  it("are followed from epilogues that have put the frame pointer back", () => {
    // pop {r7}; pop {r3}; bx r3
    const code = { ...CALLS.code, [WORK + 0x20]: [pop(7), pop(3), bx(3)] };
    const { words } = CALLS;
    const frames = (pc: number) => [`work ${hex(pc)}`, ...IN_MAIN];
    check(
      { ...CALLS, registers: { pc: WORK + 0x20, sp: STACK + 8, r7: STACK + 8 }, code },
      frames(WORK + 0x20),
    );
    const popped = { pc: WORK + 0x22, sp: STACK + 0xc, r7: STACK + 0x18 };
    check({ registers: popped, words, code }, frames(WORK + 0x22));
  });

  it("are not taken for those that a jump to another function looks like", () => {
    const code = { ...CALLS.code, [WORK + 8]: [bx(4)] };
    check({ ...CALLS, registers: { ...CALLS.registers, r4: HANDLER | 1 }, code }, IN_WORK);
  });

  it("leave unknown what a function may change", () => {
    const { frames } = check(CALLS, IN_WORK);
    const [work, main] = frames.map(({ machine }) => machine);
    expect(work!.register(0)).toBe(0);
    expect([0, 1, 2, 3, 12, 14].map((register) => main!.register(register))).toEqual(
      Array(6).fill(undefined),
    );
    expect([4, 7].map((register) => main!.register(register))).toEqual([44, STACK + 0x18]);
    expect(main!.registers.known().map(({ name }) => name)).not.toContain("r0");
  });

  it("tell what registers held when they were made", () => {
    const { frames } = check(CALLS, IN_WORK);
    const { machine } = frames[0]!;
    expect(machine.frameBase()).toBe(STACK + 8);
    expect(machine.callFrameAddress()).toBe(STACK + 0x10);
    const held = [0, 1, 4, 7, 13, 14].map((register) => machine.entryRegister(register));
    expect(held).toEqual([45, undefined, 44, STACK + 0x18, STACK + 0x10, (MAIN + 0x14) | 1]);
  });

  it("end where the link register says that there is no caller", () => {
    check({ registers: { pc: WORK, sp: STACK, lr: 0xffffffff }, words: {} }, [`work ${hex(WORK)}`]);
  });

  it("end at a limit", () => {
    const words: Record<number, number> = {};
    for (let i = 0; i < 100; i++) {
      words[STACK + 8 * i] = STACK + 8 * i + 8;
      words[STACK + 8 * i + 4] = (WORK + 0x14) | 1;
    }
    const backtrace = unwind({ registers: { pc: WORK + 8, sp: STACK, r7: STACK }, words, depthLimit: 20 });
    expect(backtrace.frames).toHaveLength(20);
    expect(backtrace.problem).toEqual({
      where: "backtrace",
      what: "the stack is deeper than 20 functions; the rest is not shown",
    });
  });
});

/** An exception frame (ARMv6-M ARM B1.5.6). */
function stacked(at: number, pc: number, xpsr: number, lr = 0): Record<number, number> {
  const values = [10, 11, 12, 13, 22, lr, pc, xpsr];
  return Object.fromEntries(values.map((value, i) => [at + 4 * i, value]));
}

describe("exceptions", () => {
  const THUMB = 1 << 24;
  const ALIGNED = 1 << 9;
  /** `handler` has pushed r7 and EXC_RETURN. */
  const handler = (sp: number, r7: number, excReturn: number) => ({ [sp]: r7, [sp + 4]: excReturn });

  it("lead back to what they interrupted", () => {
    const sp = STACK - 0x28;
    const words = {
      ...CALLS.words,
      ...handler(sp, STACK + 8, 0xfffffff9),
      ...stacked(sp + 8, WORK + 8, THUMB),
    };
    const registers = { pc: HANDLER + 8, sp, r7: sp, xpsr: THUMB | 16, r4: 44 };
    const { frames } = check({ registers, words, code: CALLS.code }, [
      `handler ${hex(HANDLER + 8)}`,
      "exception TIMER_IRQ_0 fffffff9",
      ...IN_WORK,
    ]);
    expect(frames[1]!.exception).toEqual({ number: 16, name: "TIMER_IRQ_0" });
    const { machine } = frames[2]!;
    expect([0, 1, 2, 3, 12].map((register) => machine.register(register))).toEqual([10, 11, 12, 13, 22]);
    expect(machine.register(4)).toBe(44);
    expect(machine.lookupPc).toBe(WORK + 8);
  });

  it("may have moved the stack pointer to align it", () => {
    // The frame takes the 32 bytes below the next lower multiple of 8.
    const sp = STACK - 0x28;
    const words = {
      ...CALLS.words,
      ...handler(sp, STACK + 8, 0xfffffff9),
      ...stacked(sp + 8, WORK + 8, THUMB | ALIGNED),
    };
    const registers = { pc: HANDLER + 8, sp, r7: sp, xpsr: THUMB | 16 };
    const { frames } = check({ registers, words, code: CALLS.code }, [
      `handler ${hex(HANDLER + 8)}`,
      "exception TIMER_IRQ_0 fffffff9",
      ...IN_WORK,
    ]);
    expect(frames[2]!.machine.registers.get(Register.sp)).toBe(STACK + 4);
  });

  it("nest", () => {
    const outer = STACK - 0x28;
    const inner = outer - 0x28;
    const words = {
      ...CALLS.words,
      ...handler(outer, STACK + 8, 0xfffffff9),
      ...stacked(outer + 8, WORK + 8, THUMB),
      ...handler(inner, outer, 0xfffffff1),
      ...stacked(inner + 8, HANDLER + 8, THUMB | 16),
    };
    check(
      { registers: { pc: URGENT + 8, sp: inner, r7: inner, xpsr: THUMB | 15 }, words, code: CALLS.code },
      [
        `urgent ${hex(URGENT + 8)}`,
        "exception SysTick fffffff1",
        `handler ${hex(HANDLER + 8)}`,
        "exception TIMER_IRQ_0 fffffff9",
        ...IN_WORK,
      ],
    );
  });

  it("may interrupt code on the process stack", () => {
    const psp = PROCESS_STACK - 0x20;
    const sp = STACK - 8;
    const words = {
      ...handler(sp, PROCESS_STACK, 0xfffffffd),
      ...stacked(psp, WORK + 8, THUMB),
      [PROCESS_STACK]: 0,
      [PROCESS_STACK + 4]: (RESET + 4) | 1,
    };
    const registers = { pc: HANDLER + 8, sp, psp, r7: sp, xpsr: THUMB | 16 };
    const { frames } = check({ registers, words }, [
      `handler ${hex(HANDLER + 8)}`,
      "exception TIMER_IRQ_0 fffffffd",
      `work ${hex(WORK + 8)}`,
      `Reset ${hex(RESET + 4)}`,
    ]);
    expect(frames.map(({ machine }) => machine.stack)).toEqual(["main", "main", "process", "process"]);
    expect(frames[2]!.machine.registers.get(Register.msp)).toBe(STACK);
  });

  it("are not left by a frame that does not fit", () => {
    const sp = STACK - 0x28;
    const words = { ...handler(sp, 0, 0xfffffff9), ...stacked(sp + 8, WORK + 8, THUMB | 17) };
    check(
      { registers: { pc: HANDLER + 8, sp, r7: sp, xpsr: THUMB | 16 }, words },
      [`handler ${hex(HANDLER + 8)}`, "exception TIMER_IRQ_0 fffffff9"],
      "the exception frame at 0x20000fe0 does not fit its EXC_RETURN: the stack is damaged",
    );
    check(
      { registers: { pc: HANDLER + 8, sp, r7: sp, xpsr: THUMB | 16 }, words: handler(sp, 0, 0xfffffff9) },
      [`handler ${hex(HANDLER + 8)}`, "exception TIMER_IRQ_0 fffffff9"],
      "the exception frame at 0x20000fe0 cannot be read",
    );
  });
});

describe("code without call frame information", () => {
  it("is left by what its instructions have put on the stack", () => {
    // push {r4, lr}; sub sp, #8; bl; then here
    const code = { ...CALLS.code, [HIDDEN]: [push(4, 14), decrementSp(8), ...bl(0x20)] };
    const words = { ...CALLS.words, [STACK]: 7, [STACK + 4]: 8, [STACK + 8]: 66 };
    const registers = { pc: HIDDEN + 8, sp: STACK, r7: STACK + 0x18, r4: 1 };
    const { frames } = check({ registers, words, code }, [`hidden ${hex(HIDDEN + 8)}`, ...IN_MAIN]);
    expect(frames[1]!.machine.register(4)).toBe(66);
  });

  it("is left by the link register while it has no frame, which is a guess", () => {
    const registers = { pc: BARE + 8, sp: STACK + 0x10, r7: STACK + 0x18, lr: (MAIN + 0x14) | 1 };
    check({ ...CALLS, registers }, [`bare ${hex(BARE + 8)}`, ...IN_MAIN.map((text) => `guessed ${text}`)]);
  });

  it("is left by what looks like a return address on the stack, which is a guess", () => {
    const registers = { pc: BARE + 8, sp: STACK, r7: 5, lr: 9 };
    check({ ...CALLS, registers }, [`bare ${hex(BARE + 8)}`, ...IN_MAIN.map((text) => `guessed ${text}`)]);
  });

  it("is not left by numbers that only look like addresses", () => {
    // Code, but with no call before it; no code.
    const words = { [STACK]: (MAIN + 0x40) | 1, [STACK + 4]: 0x1000_0f01 };
    const registers = { pc: BARE + 8, sp: STACK, lr: (MAIN + 0x40) | 1 };
    check(
      { registers, words, code: CALLS.code },
      [`bare ${hex(BARE + 8)}`],
      "nothing is known of the code there",
    );
  });

  it("may be nowhere at all", () => {
    const { frames } = check(
      { registers: { pc: 0x3000_0000, sp: 0x3000_0000 }, words: {} },
      ["0x30000000 30000000"],
      "nothing is known of the code there",
    );
    expect(frames[0]!.function).toBeUndefined();
  });
});

describe("damaged stacks", () => {
  it.each([
    [0x1000_0f01, "it returns to 0x10000f01, where no code of the program is"],
    [MAIN + 0x14, "it returns to 0x10000214, where no code of the program is"],
    [0xfffffff9, "it returns to 0xfffffff9, but no exception is being handled"],
  ])("with the return address %i are named", (returnAddress, what) => {
    const words = { [STACK]: STACK + 0x10, [STACK + 4]: returnAddress };
    check({ registers: { pc: WORK + 8, sp: STACK, r7: STACK }, words }, [`work ${hex(WORK + 8)}`], what);
  });

  it("whose frames do not grow are named", () => {
    const words = { [STACK - 0x20]: 0, [STACK - 0x1c]: (MAIN + 0x14) | 1 };
    check(
      { registers: { pc: WORK + 8, sp: STACK, r7: STACK - 0x20 }, words },
      [`work ${hex(WORK + 8)}`],
      "the stack does not grow at 0x20001000: it is damaged",
    );
  });

  it("that cannot be read are named", () => {
    check(
      { registers: { pc: WORK + 8, sp: STACK, r7: STACK }, words: {} },
      [`work ${hex(WORK + 8)}`],
      "the return address at 0x20001004 cannot be read",
    );
  });

  it("are gone on from where something looks like a return address", () => {
    const words = { ...CALLS.words, [STACK + 0xc]: 0xdeadbeef };
    check(
      { ...CALLS, words: { ...words, [STACK + 0x10]: STACK + 0x18, [STACK + 0x14]: (MAIN + 0x14) | 1 } },
      [`work ${hex(WORK + 8)}`, ...IN_MAIN.map((text) => `guessed ${text}`)],
    );
  });

  it("of any contents end, and throw nothing", () => {
    const interesting = fc.oneof(
      fc.constantFrom(
        0,
        0xffffffff,
        0xfffffff1,
        0xfffffff9,
        0xfffffffd,
        (MAIN + 0x14) | 1,
        (WORK + 0x14) | 1,
        WORK,
      ),
      fc.integer({ min: 0, max: 64 }).map((word) => STACK + 4 * word),
      fc.nat(0xffffffff),
    );
    const registers = fc.record({
      pc: fc.constantFrom(WORK + 8, MAIN, HANDLER + 2, BARE + 4, HIDDEN + 8, 0x20000000, 0xfffffff9),
      sp: interesting,
      psp: interesting,
      lr: interesting,
      r7: interesting,
      xpsr: interesting,
      control: fc.nat(3),
    });
    const stack = fc.array(interesting, { minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(registers, stack, (registers, values) => {
        const words = Object.fromEntries(values.map((value, i) => [STACK + 4 * i, value]));
        const { frames } = unwind({ registers, words, code: CALLS.code });
        expect(frames.length).toBeGreaterThan(0);
        for (const { machine } of frames) machine.entryRegister(0);
      }),
      { numRuns: 500 },
    );
  });
});
