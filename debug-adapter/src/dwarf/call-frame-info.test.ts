import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProblemList } from "../base/errors";
import { parseElf } from "../elf/elf-file";
import {
  callFrameProgram,
  debugFrame,
  ehFrame,
  type CallFrameDescription,
} from "#test/helpers/call-frame-builder";
import { ByteWriter } from "#test/helpers/dwarf-builder";
import "#test/helpers/fixed-seed";
import { CallFrameInfo } from "./call-frame-info";
import type { CallFrameRow, CfaRule, RegisterRule } from "./call-frame-program";

const START = 0x1000_0100;
const EH_ADDRESS = 0x1000_8000;

function infoOf(sections: Readonly<Record<string, Uint8Array>>) {
  const problems = new ProblemList();
  const source = {
    section: (name: string) => sections[name],
    sectionNamed: () => ({ address: EH_ADDRESS }),
  };
  return { frames: new CallFrameInfo(source, problems), problems };
}

function textOf(row: CallFrameRow | undefined): string {
  if (row === undefined) return "none";
  const registers = [...row.registers].map(([register, rule]) => `r${register}=${ruleText(rule)}`);
  const extras = [
    ...(row.isSignalFrame ? ["signal"] : []),
    ...(row.argumentsSize === 0 ? [] : [`args ${row.argumentsSize}`]),
  ];
  const range = `+${row.start - START}..+${row.end - START}`;
  return [range, `cfa=${cfaText(row.cfa)}`, ...registers, ...extras].join(" ");
}

function cfaText(rule: CfaRule): string {
  return rule.kind === "register"
    ? `r${rule.register}+${rule.offset}`
    : `(${Buffer.from(rule.expression).toString("hex")})`;
}

function ruleText(rule: RegisterRule): string {
  switch (rule.kind) {
    case "undefined":
    case "same":
      return rule.kind;
    case "offset":
      return `[cfa${signed(rule.offset)}]`;
    case "value-offset":
      return `cfa${signed(rule.offset)}`;
    case "register":
      return `r${rule.register}`;
    case "expression":
      return `[(${Buffer.from(rule.expression).toString("hex")})]`;
    case "value-expression":
      return `(${Buffer.from(rule.expression).toString("hex")})`;
  }
}

function signed(value: number): string {
  return value < 0 ? `${value}` : `+${value}`;
}

/** Rows of a function of 16 bytes at each of its even addresses, repeats left out. */
function check(program: string, expected: string[], common: Partial<CallFrameDescription> = {}): void {
  const functions = [{ start: START, size: 16, program }];
  const { frames, problems } = infoOf({ ".debug_frame": debugFrame({ ...common, functions }) });
  const rows: string[] = [];
  for (let offset = 0; offset < 16; offset += 2) {
    const text = textOf(frames.rowAt(START + offset));
    if (rows.at(-1) !== text) rows.push(text);
  }
  expect(rows).toEqual(expected);
  expect(problems.list()).toEqual([]);
}

function checkFault(program: string, what: string, common: Partial<CallFrameDescription> = {}): void {
  const functions = [{ start: START, size: 16, program }];
  const { frames, problems } = infoOf({ ".debug_frame": debugFrame({ ...common, functions }) });
  expect(frames.rowAt(START + 8)).toBeUndefined();
  expect(problems.list().map((problem) => problem.what)).toEqual([what]);
}

describe("call frame programs", () => {
  it("of functions as LLVM compiles them", () => {
    // push {r7, lr}; add r7, sp, #0
    check("advance_loc 2; def_cfa_offset 8; offset 14 1; offset 7 2; advance_loc 2; def_cfa_register 7", [
      "+0..+2 cfa=r13+0",
      "+2..+4 cfa=r13+8 r14=[cfa-4] r7=[cfa-8]",
      "+4..+16 cfa=r7+8 r14=[cfa-4] r7=[cfa-8]",
    ]);
  });

  it("have every rule for registers", () => {
    check("offset_extended 4 1; offset_extended_sf 5 -2; GNU_negative_offset_extended 6 3", [
      "+0..+16 cfa=r13+0 r4=[cfa-4] r5=[cfa+8] r6=[cfa+12]",
    ]);
    check("undefined 0; same_value 1; register 14 3; val_offset 13 2; val_offset_sf 12 -2", [
      "+0..+16 cfa=r13+0 r0=undefined r1=same r14=r3 r13=cfa-8 r12=cfa+8",
    ]);
    check("expression 4 (breg7 4); val_expression 5 (lit4, plus)", [
      "+0..+16 cfa=r13+0 r4=[(7704)] r5=(3422)",
    ]);
  });

  it("have every rule for the frame address", () => {
    check("def_cfa 7 8", ["+0..+16 cfa=r7+8"]);
    check("def_cfa_sf 7 -2", ["+0..+16 cfa=r7+8"]);
    check("def_cfa_offset_sf -3", ["+0..+16 cfa=r13+12"]);
    check("def_cfa_expression (breg13 8, deref)", ["+0..+16 cfa=(7d0806)"]);
  });

  it("advance in every way", () => {
    check(
      "advance_loc1 4; def_cfa_offset 4; advance_loc2 4; def_cfa_offset 8; advance_loc4 4; def_cfa_offset 0",
      ["+0..+4 cfa=r13+0", "+4..+8 cfa=r13+4", "+8..+12 cfa=r13+8", "+12..+16 cfa=r13+0"],
    );
    check(`set_loc ${START + 10}; def_cfa_offset 4`, ["+0..+10 cfa=r13+0", "+10..+16 cfa=r13+4"]);
    check("advance_loc 3; def_cfa_offset 4", ["+0..+6 cfa=r13+0", "+6..+16 cfa=r13+4"], { codeAlignment: 2 });
    check("advance_loc4 1000; def_cfa_offset 4", ["+0..+16 cfa=r13+0"]);
  });

  it("remember and restore, the frame address too", () => {
    check(
      "def_cfa_offset 8; offset 14 1; remember_state; advance_loc 4; def_cfa_offset 0; restore 14; offset 4 2;" +
        "advance_loc 4; restore_state",
      ["+0..+4 cfa=r13+8 r14=[cfa-4]", "+4..+8 cfa=r13+0 r4=[cfa-8]", "+8..+16 cfa=r13+8 r14=[cfa-4]"],
    );
  });

  it("restore what the common entry says", () => {
    check(
      "undefined 14; advance_loc 4; restore 14; offset 4 1; advance_loc 4; restore_extended 4",
      [
        "+0..+4 cfa=r13+0 r14=undefined",
        "+4..+8 cfa=r13+0 r14=same r4=[cfa-4]",
        "+8..+16 cfa=r13+0 r14=same",
      ],
      { program: "def_cfa 13 0; same_value 14" },
    );
  });

  it("tell the size of arguments", () => {
    check("GNU_args_size 12; nop", ["+0..+16 cfa=r13+0 args 12"]);
  });

  it("that make no sense are named", () => {
    checkFault("restore_state", "cannot be read: a state is restored that was not remembered");
    checkFault("GNU_window_save", "cannot be read: instruction 0x2d is not known");
    checkFault("offset_extended 9999 1", "cannot be read: there is no register 9999");
    checkFault(
      "def_cfa_expression (breg13 0); def_cfa_offset 8",
      "cannot be read: the frame address is relative to no register",
    );
    checkFault("", "cannot be read: no rule for the frame address is given", { program: "nop" });
    checkFault("", "cannot be read: the common entry advances the location", { program: "advance_loc 2" });
    checkFault("remember_state; ".repeat(70), "cannot be read: too many states are remembered");
  });
});

describe("CallFrameInfo", () => {
  const two = [
    { start: START + 32, size: 8, program: "def_cfa_offset 8" },
    { start: START, size: 16 },
  ];

  it("finds the function around an address", () => {
    const { frames } = infoOf({ ".debug_frame": debugFrame({ functions: two }) });
    const found = [-1, 0, 15, 16, 31, 32, 39, 40].map((offset) => textOf(frames.rowAt(START + offset)));
    const first = "+0..+16 cfa=r13+0";
    const second = "+32..+40 cfa=r13+8";
    expect(found).toEqual(["none", first, first, "none", "none", second, second, "none"]);
  });

  it.each([1, 3, 4])("reads version %i", (version) => {
    const { frames, problems } = infoOf({ ".debug_frame": debugFrame({ version, functions: two }) });
    expect(textOf(frames.rowAt(START))).toBe("+0..+16 cfa=r13+0");
    expect(problems.list()).toEqual([]);
  });

  it("reads 64-bit entries", () => {
    const common = new ByteWriter()
      .uint(0xffff_ffff_ffff_ffffn, 8)
      .u8(4)
      .text("")
      .u8(4, 0, 1)
      .sleb(-4)
      .u8(14);
    common.raw(callFrameProgram("def_cfa 13 0"));
    const function_ = new ByteWriter().uint(0, 8).u32(START).u32(16);
    const section = new ByteWriter();
    for (const entry of [common, function_]) {
      section.u32(0xffff_ffff).uint(entry.length, 8).raw(entry.done());
    }
    const { frames } = infoOf({ ".debug_frame": section.done() });
    expect(textOf(frames.rowAt(START))).toBe("+0..+16 cfa=r13+0");
  });

  it("leaves out code that the linker dropped", () => {
    const functions = [{ start: 0, size: 16 }];
    const { frames, problems } = infoOf({ ".debug_frame": debugFrame({ functions }) });
    expect(frames.rowAt(8)).toBeUndefined();
    expect(problems.list()).toEqual([]);
  });

  it("reads .eh_frame, its relative pointers and augmentations", () => {
    // Common entry: 4 + 4 + version, "zRS\0", alignments, register, size and data, def_cfa 13 0.
    const commonLength = 8 + 1 + 4 + 3 + 2 + 3;
    const startField = EH_ADDRESS + commonLength + 8;
    const addresses = new ByteWriter()
      .uint(START - startField, 4)
      .u32(16)
      .done();
    const section = ehFrame({
      augmentation: "zRS",
      augmentationData: [0x1b],
      functions: [{ start: 0, size: 0, addresses, augmentationData: [1, 2, 3], program: "def_cfa_offset 8" }],
    });
    const { frames, problems } = infoOf({ ".eh_frame": section });
    expect(textOf(frames.rowAt(START))).toBe("+0..+16 cfa=r13+8 signal");
    expect(problems.list()).toEqual([]);
  });

  it("reads .eh_frame without augmentation, and personality routines over", () => {
    const section = ehFrame(
      { functions: [{ start: START, size: 8 }] },
      {
        augmentation: "zPLR",
        augmentationData: [0x00, 1, 2, 3, 4, 0x00, 0x03],
        functions: [{ start: START + 8, size: 8, augmentationData: [] }],
      },
    );
    const { frames, problems } = infoOf({ ".eh_frame": section });
    expect(textOf(frames.rowAt(START))).toBe("+0..+8 cfa=r13+0");
    expect(textOf(frames.rowAt(START + 8))).toBe("+8..+16 cfa=r13+0");
    expect(problems.list()).toEqual([]);
  });

  it("prefers .debug_frame", () => {
    const { frames } = infoOf({
      ".debug_frame": debugFrame({ functions: [{ start: START, size: 8 }] }),
      ".eh_frame": ehFrame({ functions: [{ start: START, size: 16, program: "def_cfa_offset 4" }] }),
    });
    expect(textOf(frames.rowAt(START))).toBe("+0..+8 cfa=r13+0");
    expect(textOf(frames.rowAt(START + 8))).toBe("+0..+16 cfa=r13+4");
  });

  it.each([
    [{ version: 2 }, "the common entry that others refer to is not read: its version is 2"],
    [
      { augmentation: "x" },
      'the common entry that others refer to is not read: its augmentation "x" is not known',
    ],
    [
      { addressSize: 8 },
      "the common entry that others refer to is not read: its addresses do not have 4 bytes",
    ],
  ])("names why %j cannot be read", (common, what) => {
    const { frames, problems } = infoOf({ ".debug_frame": debugFrame({ ...common, functions: two }) });
    expect(frames.rowAt(START)).toBeUndefined();
    expect(problems.list().map((problem) => problem.what)).toEqual([what]);
  });

  it("keeps what stands before an entry without end", () => {
    const section = debugFrame({ functions: two });
    const { frames, problems } = infoOf({ ".debug_frame": Uint8Array.of(...section, 99, 0, 0, 0) });
    expect(textOf(frames.rowAt(START))).toBe("+0..+16 cfa=r13+0");
    expect(problems.list().map((problem) => problem.what)).toEqual([
      "the rest of the section is not read: an entry of 99 bytes leads outside the section",
    ]);
  });
});

describe("damaged call frame information", () => {
  const firmware = parseElf(readFileSync("samples/prebuilt/blink-release.elf"), "blink");
  const whole = firmware.section(".debug_frame")!;

  it("ends, and throws nothing", () => {
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(damage, fc.constantFrom(".debug_frame", ".eh_frame"), (changes, name) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const { frames } = infoOf({ [name]: bytes });
        for (let pc = 0x1000_01c0; pc < 0x1000_0e30; pc += 14) {
          const row = frames.rowAt(pc);
          if (row !== undefined) expect(row.start).toBeLessThanOrEqual(pc);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("of any bytes ends too", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (program) => {
        const section = debugFrame({ functions: [{ start: START, size: 64 }] });
        const bytes = Uint8Array.of(...section, ...program);
        // The last entry takes the random bytes as its instructions.
        const last = section.length - 16;
        bytes[last] = 12 + program.length;
        const { frames } = infoOf({ ".debug_frame": bytes });
        for (let offset = 0; offset < 64; offset += 2) frames.rowAt(START + offset);
      }),
      { numRuns: 1000 },
    );
  });
});
