import { describe, expect, it } from "vitest";
import { DOUBLE_ROUTINES, FLOAT_ROUTINES } from "./rom-float";

const view = new DataView(new ArrayBuffer(8));

function float(value: number): number[] {
  view.setFloat32(0, value, true);
  return [view.getInt32(0, true)];
}

function double(value: number): number[] {
  view.setFloat64(0, value, true);
  return [view.getInt32(0, true), view.getInt32(4, true)];
}

function long(value: bigint): number[] {
  view.setBigInt64(0, value, true);
  return [view.getInt32(0, true), view.getInt32(4, true)];
}

function run(table: typeof FLOAT_ROUTINES, offset: number, words: readonly number[]): Int32Array {
  const results = new Int32Array(4);
  table[offset]!(Int32Array.from([...words, 0, 0, 0].slice(0, 4)), results);
  return results;
}

function checkFloat(offset: number, args: readonly (readonly number[])[], result: readonly number[]): void {
  expect([...run(FLOAT_ROUTINES, offset, args.flat())].slice(0, result.length)).toEqual(result);
}

function checkDouble(offset: number, args: readonly (readonly number[])[], result: readonly number[]): void {
  expect([...run(DOUBLE_ROUTINES, offset, args.flat())].slice(0, result.length)).toEqual(result);
}

describe("soft-float routines (2.8.3.2)", () => {
  it("compute in single precision", () => {
    checkFloat(0x00, [float(0.1), float(0.2)], float(Math.fround(Math.fround(0.1) + Math.fround(0.2))));
    checkFloat(0x04, [float(1), float(3)], float(-2));
    checkFloat(0x08, [float(1e30), float(1e30)], float(Infinity));
    checkFloat(0x18, [float(2)], float(Math.fround(Math.SQRT2)));
    checkFloat(0x18, [float(-1)], float(-Infinity));
    checkFloat(0x50, [float(0)], float(-Infinity));
  });

  it("compute in double precision", () => {
    checkDouble(0x00, [double(0.1), double(0.2)], double(0.1 + 0.2));
    checkDouble(0x0c, [double(1), double(3)], double(1 / 3));
    checkDouble(0x7c, [double(1.1)], float(1.1));
    checkFloat(0x7c, [float(1.5)], double(1.5));
  });

  it("convert to integers downwards and clamp", () => {
    checkFloat(0x1c, [float(-1.5)], [-2]);
    checkFloat(0x1c, [float(1e20)], [0x7fff_ffff]);
    checkFloat(0x1c, [float(-1e20)], [-0x8000_0000]);
    checkFloat(0x24, [float(-1)], [0]);
    checkFloat(0x24, [float(4e9)], [4e9 | 0]);
    checkFloat(0x24, [float(1e20)], [-1]);
    checkDouble(0x20, [double(0.5), [16]], [0x8000]);
    checkDouble(0x6c, [double(-1e30)], long(-(2n ** 63n)));
    checkDouble(0x6c, [double(2 ** 40 + 0.5)], long(2n ** 40n));
    checkDouble(0x74, [double(1e30)], [-1, -1]);
  });

  it("convert from integers, rounded once to nearest even", () => {
    checkFloat(0x2c, [[16_777_217]], float(16_777_216));
    checkFloat(0x2c, [[16_777_219]], float(16_777_220));
    checkFloat(0x34, [[-1]], float(2 ** 32));
    checkFloat(0x30, [[3], [1]], float(1.5));
    checkFloat(0x5c, [long(-1n)], float(-1));
    // 2^53 + 2^29 + 1: rounding to double first would give a tie, and the wrong float.
    checkFloat(0x64, [long(2n ** 53n + 2n ** 29n + 1n)], float(2 ** 53 + 2 ** 30));
    checkDouble(0x68, [long(3n), [1]], double(1.5));
  });

  it("compare", () => {
    checkFloat(0x54, [float(1), float(2)], [-1]);
    checkFloat(0x54, [float(2), float(2)], [0]);
    checkDouble(0x54, [double(3), double(2)], [1]);
  });
});
