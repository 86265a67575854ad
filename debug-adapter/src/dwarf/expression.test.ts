import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildDwarf } from "#test/helpers/dwarf-builder";
import { expression } from "#test/helpers/expression-text";
import "#test/helpers/fixed-seed";
import { DW_AT, DW_ATE, DW_FORM, DW_TAG } from "./constants";
import { DebugInfo } from "./debug-info";
import { evaluateLocation, evaluateNumber } from "./expression";
import type { ExpressionContext } from "./expression-context";
import type { Piece } from "./location";

const BASE_TYPES = [
  ["i32", DW_ATE.signed, 4],
  ["u8", DW_ATE.unsigned, 1],
  ["u64", DW_ATE.unsigned, 8],
  ["i64", DW_ATE.signed, 8],
  ["f32", DW_ATE.float, 4],
  ["f64", DW_ATE.float, 8],
  ["f16", DW_ATE.float, 2],
] as const;

/** A unit with base types, procedures and addresses. */
function build(forever: number) {
  const children = [
    ...BASE_TYPES.map(([id, encoding, size]) => ({
      id,
      tag: DW_TAG.base_type,
      attributes: [
        [DW_AT.encoding, DW_FORM.data1, encoding],
        [DW_AT.byte_size, DW_FORM.data1, size],
      ] as const,
    })),
    procedure("add5", "plus_uconst 5"),
    procedure("forever", `call4 ${forever}`),
    { id: "silent", tag: DW_TAG.variable },
  ];
  return buildDwarf([{ root: { tag: DW_TAG.compile_unit, children } }], {
    ".debug_addr": Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0x78, 0x56, 0x34, 0x12),
  });
}

/** The procedure `forever` calls itself. */
const built = build(build(0).offsetOf("forever"));
const unit = new DebugInfo(built).units[0]!;

function procedure(id: string, text: string) {
  const attributes = [[DW_AT.location, DW_FORM.exprloc, expression(text)]] as const;
  return { id, tag: DW_TAG.variable, attributes };
}

/** Memory from 0x20000000 holds 0x80, 0x81, 0x82, and so on, 16 bytes of it; register n holds 0x1000 * n, to r12. */
const context: ExpressionContext = {
  register: (number) => (number < 13 ? 0x1000 * number : undefined),
  memory: {
    read: (address, length) => {
      const offset = address - 0x2000_0000;
      if (offset < 0 || offset + length > 16) return undefined;
      return Uint8Array.from({ length }, (_, i) => 0x80 + offset + i);
    },
  },
  frameBase: () => 0x2000_4000,
  callFrameAddress: () => 0x2000_5000,
  entryRegister: (number) => (number === 0 ? 77 : undefined),
  objectAddress: () => 0x2000_6000,
};

/** Names of base types and procedures stand for their offsets. */
function assembled(text: string): Uint8Array {
  return expression(text.replaceAll(/@(\w+)/g, (_, id: string) => String(built.offsetOf(id) - unit.offset)));
}

function textOf({ location, bitSize, bitOffset }: Piece): string {
  const size =
    bitSize === undefined ? "" : ` of ${bitSize} bits${bitOffset === 0 ? "" : ` from bit ${bitOffset}`}`;
  switch (location.kind) {
    case "memory":
      return `[0x${location.address.toString(16)}]${size}`;
    case "register":
      return `r${location.register}${size}`;
    case "value":
      return `value ${Buffer.from(location.bytes).toString("hex")}${size}`;
    case "implicit-pointer":
      return `&entry 0x${location.entryOffset.toString(16)} + ${location.byteOffset}${size}`;
    case "optimized-out":
      return `optimized out${size}`;
    case "unavailable":
      return `unavailable: ${location.reason}${size}`;
  }
}

function check(text: string | Uint8Array, ...expected: string[]): void {
  const bytes = typeof text === "string" ? assembled(text) : text;
  expect(evaluateLocation(bytes, context, { unit }).map(textOf), String(text)).toEqual(expected);
}

/** Checks the 32-bit value that an expression computes. */
function checkValue(text: string, expected: number): void {
  const result = evaluateNumber(assembled(`${text}; stack_value`), context, { unit });
  expect(result, text).toEqual({ kind: "number", value: expected >>> 0 });
}

function checkFault(text: string, reason: string): void {
  check(text, `unavailable: ${reason}`);
}

describe("locations", () => {
  it("are memory, registers, values or nothing", () => {
    check("addr 0x20000010", "[0x20000010]");
    check("fbreg -16", "[0x20003ff0]");
    check("breg7 8", "[0x7008]");
    check("breg0 -1", "[0xffffffff]");
    check("bregx 12 4", "[0xc004]");
    check("call_frame_cfa; lit8; minus", "[0x20004ff8]");
    check("reg3", "r3");
    check("regx 13", "r13");
    check("implicit_value 0102030405", "value 0102030405");
    check("lit5; stack_value", "value 0500000000000000");
    check("breg1 1; stack_value", "value 01100000");
    check("implicit_pointer 0x1234 -4", "&entry 0x1234 + -4");
    check("GNU_implicit_pointer 0x1234 0", "&entry 0x1234 + 0");
    check("", "optimized out");
    check("addrx 0", "[0x12345678]");
    check("push_object_address; plus_uconst 4", "[0x20006004]");
    check("reg3; GNU_uninit", "r3");
  });

  it("keep all bits of constants for variables larger than an address", () => {
    check("constu 0x123456789abcdef0; stack_value", "value f0debc9a78563412");
    check("consts -2; stack_value", "value feffffffffffffff");
    check("const8u 0xfedcba9876543210; stack_value", "value 1032547698badcfe");
    check("consts -2; lit0; plus; stack_value", "value feffffff");
  });

  it("may be in pieces, with parts that were optimized out", () => {
    check("reg4; piece 4; reg5; piece 4", "r4 of 32 bits", "r5 of 32 bits");
    check(
      "piece 4; lit1; stack_value; piece 1; breg7 4; piece 3",
      "optimized out of 32 bits",
      "value 0100000000000000 of 8 bits",
      "[0x7004] of 24 bits",
    );
    check("reg0; bit_piece 3 5; piece 1", "r0 of 3 bits from bit 5", "optimized out of 8 bits");
  });

  it("that cannot be found do not take the other pieces with them", () => {
    check(
      "breg13 0; deref; stack_value; piece 4; reg1; piece 4",
      "unavailable: sp is not known here of 32 bits",
      "r1 of 32 bits",
    );
    check(
      "reg1; piece 4; entry_value (reg1); stack_value; piece 2; lit1; stack_value; piece 2",
      "r1 of 32 bits",
      "unavailable: what it held when the function was called is not known of 16 bits",
      "value 0100000000000000 of 16 bits",
    );
  });
});

describe("operators", () => {
  it("push constants", () => {
    checkValue("lit31", 31);
    checkValue("const1u 0xff", 255);
    checkValue("const1s -1", -1);
    checkValue("const2u 0xfffe", 0xfffe);
    checkValue("const2s -2", -2);
    checkValue("const4u 0xfffffffd", 0xfffffffd);
    checkValue("const4s -3", -3);
    checkValue("constu 624485", 624485);
    checkValue("consts -123456", -123456);
    checkValue("constx 0", 0x1234_5678);
  });

  it("move what is on the stack", () => {
    checkValue("lit1; lit2; dup; plus; plus", 5);
    checkValue("lit7; lit2; drop", 7);
    checkValue("lit9; lit4; over; minus; minus", 14);
    checkValue("lit1; lit2; lit3; pick 2; swap; minus; minus; minus", 1 - (2 - (1 - 3)));
    // DWARF 5 section 2.5.1.3: the top becomes third, the second becomes top.
    checkValue("lit1; lit2; lit3; rot; lit10; mul; plus; lit10; mul; plus", 3 + 10 * (1 + 10 * 2));
  });

  it("compute in 32 bits, with the signs that the standard gives them", () => {
    checkValue("const4u 0xffffffff; lit2; plus", 1);
    checkValue("lit1; lit2; minus", -1);
    checkValue("const4s -7; lit2; div", -3);
    checkValue("const4s -7; lit4; mod", 0xfffffff9 % 4);
    checkValue("const4s -7; lit2; mul", -14);
    checkValue("const4s -8; lit1; shr", 0x7ffffffc);
    checkValue("const4s -8; lit1; shra", -4);
    checkValue("const4s -8; const1u 40; shra", -1);
    checkValue("lit1; const1u 32; shl", 0);
    checkValue("const4s -5; abs", 5);
    checkValue("lit5; neg", -5);
    checkValue("lit5; not", ~5);
    checkValue("const1u 0xf0; const1u 0x3c; and", 0x30);
    checkValue("const1u 0xf0; const1u 0x3c; or", 0xfc);
    checkValue("const1u 0xf0; const1u 0x3c; xor", 0xcc);
    checkValue("lit4; plus_uconst 300", 304);
  });

  it.each([
    ["lt", 1, 0, 0],
    ["le", 1, 1, 0],
    ["eq", 0, 1, 0],
    ["ne", 1, 0, 1],
    ["ge", 0, 1, 1],
    ["gt", 0, 0, 1],
  ])("compare with %s as signed numbers", (operator, below, same, above) => {
    checkValue(`const4s -1; lit1; ${operator}`, below);
    checkValue(`lit1; lit1; ${operator}`, same);
    checkValue(`lit1; const4s -1; ${operator}`, above);
  });

  it("load from memory", () => {
    checkValue("addr 0x20000000; deref", 0x83828180);
    checkValue("addr 0x20000001; deref_size 2", 0x8281);
    checkValue("addr 0x20000000; deref_type 1 @i32", 0x80);
  });

  it("branch", () => {
    checkValue("lit1; bra 1; lit5; lit7", 7);
    checkValue("lit2; lit0; bra 1; drop; lit7", 7);
    checkValue("lit3; skip 1; drop", 3);
    // 5 + 4 + 3 + 2 + 1, by a backward branch.
    checkValue("lit0; lit5; dup; rot; plus; swap; lit1; minus; dup; bra -10; drop", 15);
  });

  it("call procedures", () => {
    checkValue("lit1; call2 @add5", 6);
    checkValue("lit1; call4 @add5", 6);
    checkValue(`lit1; call_ref ${built.offsetOf("add5")}`, 6);
    checkValue("lit1; call4 @silent", 1);
  });

  it("ask for values at the entry of the function", () => {
    checkValue("entry_value (reg0)", 77);
    checkValue("GNU_entry_value (reg0); plus_uconst 1", 78);
    checkValue("entry_value (breg0 3; lit2; mul; stack_value)", 160);
    checkFault("entry_value (breg0 0; deref)", "what it held when the function was called is not known");
  });
});

describe("typed operators", () => {
  it("convert by meaning and reinterpret by bits", () => {
    check("const4s -1; convert @i32; convert @i64; stack_value", "value ffffffffffffffff");
    check("const4s -1; convert @u64; stack_value", "value ffffffff00000000");
    check("const4s -1; convert @u8; convert @u64; stack_value", "value ff00000000000000");
    check("lit3; convert @f32; stack_value", "value 00004040");
    check("lit3; convert @f64; convert @u8; stack_value", "value 03");
    check("const4u 0x40400000; reinterpret @f32; convert @i32; stack_value", "value 03000000");
    check("const_type @i64 feffffffffffffff; convert 0; stack_value", "value feffffff");
    check("regval_type 3 @u8; stack_value", "value 00");
    check("GNU_regval_type 3 @i32; stack_value", "value 00300000");
    check("addr 0x20000000; deref_type 8 @u64; stack_value", "value 8081828384858687");
  });

  it("compute as their types do", () => {
    check(
      "const_type @i64 f9ffffffffffffff; const_type @i64 0200000000000000; div; stack_value",
      "value fdffffffffffffff",
    );
    check(
      "const_type @i64 f9ffffffffffffff; const_type @i64 0400000000000000; mod; stack_value",
      "value fdffffffffffffff",
    );
    check(
      "const_type @u64 f9ffffffffffffff; const_type @u64 0200000000000000; div; stack_value",
      "value fcffffffffffff7f",
    );
    check("const_type @u8 ff; const_type @u8 01; plus; stack_value", "value 00");
    check("const_type @u8 ff; const_type @u8 01; gt; stack_value", "value 01000000");
    check("const_type @f32 0000c03f; const_type @f32 00000040; mul; stack_value", "value 00004040");
    check("const_type @f32 0000c0bf; abs; stack_value", "value 0000c03f");
    check("const_type @f64 000000000000f03f; neg; stack_value", "value 000000000000f0bf");
    check("const_type @u8 80; lit1; shl; stack_value", "value 00");
    check("const_type @u64 0100000000000000; const1u 40; shl; stack_value", "value 0000000000010000");
  });

  it("refuse what has no meaning", () => {
    checkFault(
      "lit1; const_type @u8 01; plus",
      "it combines values of different types (generic, unsigned of 1 bytes)",
    );
    checkFault("const_type @f32 00000000; not", "an integer was expected, not a floating-point number");
    checkFault("const_type @f16 0000; neg", "floating-point numbers of 2 bytes are not known");
    checkFault("const_type @u8 0102", "a constant has not the size of its type");
    checkFault("lit1; reinterpret @u8", "4 bytes cannot be taken as 1");
    checkFault("lit1; convert @add5", "it names a type that is no base type");
    checkFault("lit0; convert @f32; dup; div; convert @i32", "a number that is not finite has no integer");
  });
});

describe("faults", () => {
  it("name what is wrong", () => {
    checkFault("breg13 0", "sp is not known here");
    checkFault("addr 0x30000000; deref; stack_value", "memory at 0x30000000 is not known here");
    checkFault("plus", "its stack is empty");
    checkFault("lit1; lit0; div", "it divides by zero");
    checkFault("skip -3", "it does not come to an end");
    checkFault("skip 100", "it jumps outside itself");
    checkFault("dup", "its stack is empty");
    checkFault("lit1; dup; skip -4", "its stack grows too large");
    checkFault("reg1; lit1", "it goes on after a complete location");
    checkFault("form_tls_address", "it is a thread-local variable");
    checkFault("lit0; xderef", "DW_OP_xderef is not supported");
    checkFault("call4 @forever", "expressions are nested too deeply");
    check(Uint8Array.of(0x01), "unavailable: operator 0x1 is not known");
    check(Uint8Array.of(0x03, 1, 2), "unavailable: its expression is cut short");
  });

  it("of expressions without a unit", () => {
    expect(evaluateNumber(expression("addrx 0"), context)).toEqual({
      kind: "unavailable",
      reason: "it needs a unit, and belongs to none",
    });
  });

  it("of entry values within entry values end", () => {
    let text = "reg1";
    for (let i = 0; i < 100; i++) text = `entry_value (${text})`;
    checkFault(text, "what it held when the function was called is not known");
  });
});

describe("evaluateNumber", () => {
  it("takes what is in a register, and the address of what is in memory", () => {
    expect(evaluateNumber(expression("reg7"), context)).toEqual({ kind: "number", value: 0x7000 });
    expect(evaluateNumber(expression("breg7 8"), context)).toEqual({ kind: "number", value: 0x7008 });
    expect(evaluateNumber(expression("lit4; plus"), context, { initial: [8] })).toEqual({
      kind: "number",
      value: 12,
    });
    expect(evaluateNumber(expression("reg7; piece 4"), context)).toEqual({
      kind: "unavailable",
      reason: "it is in pieces",
    });
    expect(evaluateNumber(expression("reg13"), context)).toEqual({
      kind: "unavailable",
      reason: "sp is not known",
    });
  });
});

/** An expression tree with its value as 32-bit arithmetic of JavaScript gives it. */
interface Tree {
  readonly text: string;
  readonly value: number;
}

const leaf: fc.Arbitrary<Tree> = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value) => ({ text: `consts ${value}`, value })),
  fc.nat(31).map((value) => ({ text: `lit${value}`, value })),
  fc.tuple(fc.nat(12), fc.integer({ min: -9999, max: 9999 })).map(([register, offset]) => ({
    text: `breg${register} ${offset}`,
    value: (0x1000 * register + offset) | 0,
  })),
);

const MODEL: Readonly<Record<string, (a: number, b: number) => number>> = {
  plus: (a, b) => (a + b) | 0,
  minus: (a, b) => (a - b) | 0,
  mul: (a, b) => Math.imul(a, b),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  lt: (a, b) => Number(a < b),
  ge: (a, b) => Number(a >= b),
  eq: (a, b) => Number(a === b),
  shl: (a, b) => (b >>> 0 >= 32 ? 0 : a << b),
  shr: (a, b) => (b >>> 0 >= 32 ? 0 : (a >>> b) | 0),
  shra: (a, b) => a >> Math.min(b >>> 0, 31),
};

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    leaf,
    fc.tuple(tie("tree"), tie("tree"), fc.constantFrom(...Object.keys(MODEL))).map(([a, b, operator]) => ({
      text: `${a.text}; ${b.text}; ${operator}`,
      value: MODEL[operator]!(a.value, b.value),
    })),
    // The same by way of the stack: b a swap.
    fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => ({
      text: `${b.text}; ${a.text}; swap; minus`,
      value: (a.value - b.value) | 0,
    })),
    tie("tree").map((a) => ({ text: `${a.text}; neg; not`, value: ~-a.value | 0 })),
    // A choice between two by a branch over three bytes (skip).
    fc.tuple(tie("tree"), fc.boolean()).map(([a, isTaken]) => ({
      text: `${a.text}; lit${isTaken ? 1 : 0}; bra 1; not`,
      value: isTaken ? a.value : ~a.value,
    })),
  ),
}));

describe("any expression", () => {
  it("computes what 32-bit arithmetic does", () => {
    fc.assert(
      fc.property(tree, ({ text, value }) => checkValue(text, value)),
      { numRuns: 500 },
    );
  });

  it("of any bytes ends, and throws nothing", () => {
    const bytes = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(bytes, (each) => {
        expect(evaluateLocation(each, context, { unit }).length).toBeGreaterThan(0);
      }),
      { numRuns: 3000 },
    );
  });
});
