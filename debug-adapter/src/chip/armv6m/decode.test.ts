import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as thumb from "#test/helpers/thumb";
import { ALWAYS, decode, Op } from "./decode";

const names = new Map<number, string>(Object.entries(Op).map(([name, op]) => [op, name]));

/** The operation that one instruction in the middle of a large region decodes to. */
function nameOf(first: number, second = 0): string {
  return names.get(decode(first, second, 0x1000, 0x2000) & 0xff)!;
}

test("the labels in execute.ts are the numbers of the table, each used in the inner loop once", () => {
  const source = readFileSync("debug-adapter/src/chip/armv6m/execute.ts", "utf8");
  const labels = [...source.matchAll(/case (\d+) \/\* (\w+) \*\/:/g)];
  for (const [, number, name] of labels)
    expect(`${name!} ${number!}`).toBe(`${name!} ${Op[name as keyof typeof Op]}`);
  const inner = source.slice(0, source.indexOf("function executeSlowly"));
  const used = [...inner.matchAll(/case (\d+) \/\* (\w+) \*\/:/g)].map(([, number]) => Number(number));
  expect(used.sort((a, b) => a - b)).toEqual(Object.values(Op));
  expect(source).not.toMatch(/case \$/);
});

describe("every halfword decodes", () => {
  test("to one operation of the table, and never to one that only the machinery uses", () => {
    const internal = new Set<number>([Op.NotDecoded, Op.Hook, Op.Leave]);
    for (let first = 0; first <= 0xffff; first++) {
      for (const second of [0x0000, 0x8000, 0xd000, 0xf800])
        expect(internal).not.toContain(nameOf(first, second));
    }
  });

  test("to Undefined exactly where ARMv6-M defines nothing (A5.2, A5.3)", () => {
    const isUndefined = (first: number, second = 0) => nameOf(first, second) === "Undefined";
    // CBZ, SETEND, IT, HLT and other 16-bit encodings of later architectures.
    for (const first of [0xb100, 0xb300, 0xb650, 0xb900, 0xba80, 0xbf08, 0xbfe8])
      expect(isUndefined(first)).toBe(true);
    for (const first of [thumb.udf(0), thumb.udf(255)]) expect(isUndefined(first)).toBe(true);
    expect(isUndefined(...thumb.UDF_WIDE)).toBe(true);
    // LDRD, B.W, and the first halves 0b11101 and 0b11111.
    for (const first of [0xe800, 0xe950, 0xf800, 0xffff]) expect(isUndefined(first, 0x8000)).toBe(true);
    expect(isUndefined(0xf000, 0x9000)).toBe(true);
  });

  test("hints that are not allocated are NOP (A5.2.5)", () => {
    for (const first of [thumb.NOP, thumb.YIELD, 0xbf50, 0xbff0]) expect(nameOf(first)).toBe("Nop");
  });

  test("empty register lists are no transfers", () => {
    for (const first of [0xb400, 0xbc00, 0xc000, 0xc800]) expect(nameOf(first)).toBe("Undefined");
  });
});

describe("what leads out of the region decodes to a far operation", () => {
  const near = (first: number, second: number, index: number) =>
    names.get(decode(first, second, index, 0x100) & 0xff);

  test("branches forwards and backwards", () => {
    expect(near(thumb.b(4), 0, 0xfd)).toBe("B");
    expect(near(thumb.b(4), 0, 0xfe)).toBe("BranchFar");
    expect(near(thumb.b(-2), 0, 0)).toBe("BranchFar");
    expect(near(thumb.bcond("ne", -2), 0, 0)).toBe("BranchFar");
    expect((decode(thumb.b(-2), 0, 0, 0x100) >>> 8) & 15).toBe(ALWAYS);
    const [first, second] = thumb.bl(-4);
    expect(near(first, second, 2)).toBe("Bl");
    expect(near(first, second, 1)).toBe("BlFar");
  });

  test("literals", () => {
    expect(near(thumb.ldrLiteral(0, 0), 0, 0xfc)).toBe("LdrLiteral");
    expect(near(thumb.ldrLiteral(0, 1), 0, 0xfc)).toBe("LdrLiteralFar");
  });

  test("a wide instruction whose second half is missing is a fault", () => {
    expect(names.get(decode(0xf000, undefined, 0xff, 0x100) & 0xff)).toBe("Undefined");
  });
});

test.each([-0xfffffc, -0x800000, -4, 0, 2, 0x7ffffe, 0xfffffe])("BL %i keeps its distance", (distance) => {
  const [first, second] = thumb.bl(distance);
  expect(decode(first, second, 0x800000, 0x1000000) >> 8).toBe((distance - 4) >> 1);
});
