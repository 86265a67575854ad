import { describe, expect, it } from "vitest";
import { SioInterpolator } from "./sio-interpolator";

const ACCUM0 = 0x00;
const ACCUM1 = 0x04;
const BASE0 = 0x08;
const BASE1 = 0x0c;
const BASE2 = 0x10;
const POP_LANE0 = 0x14;
const POP_LANE1 = 0x18;
const PEEK_LANE0 = 0x20;
const PEEK_LANE1 = 0x24;
const PEEK_FULL = 0x28;
const CTRL_LANE0 = 0x2c;
const CTRL_LANE1 = 0x30;
const ACCUM0_ADD = 0x34;
const BASE_1AND0 = 0x3c;
const SIGNED = 1 << 15;
const CROSS_RESULT = 1 << 17;
const BLEND = 1 << 21;
const CLAMP = 1 << 22;

/** A lane's CTRL: shift, lowest and highest bit of the mask. */
const lane = (shift: number, lsb: number, msb: number) => shift | (lsb << 5) | (msb << 10);
const ALL = lane(0, 0, 31);

/** The examples of the datasheet (2.3.1.6). */
describe("interpolator (2.3.1.6)", () => {
  it("adds bases to shifted and masked accumulators", () => {
    const interpolator = new SioInterpolator(0);
    interpolator.write(CTRL_LANE0, lane(4, 0, 7));
    interpolator.write(CTRL_LANE1, ALL);
    interpolator.write(ACCUM0, 0xabcd_1234);
    interpolator.write(ACCUM1, 10);
    interpolator.write(BASE0, 0x100);
    interpolator.write(BASE1, 5);
    interpolator.write(BASE2, 1000);
    expect(interpolator.read(PEEK_LANE0)).toBe(0x123);
    expect(interpolator.read(PEEK_LANE1)).toBe(15);
    expect(interpolator.read(PEEK_FULL)).toBe(1000 + 0x23 + 10);
  });

  it("writes lane results back when popped, crossed over if asked", () => {
    const interpolator = new SioInterpolator(0);
    interpolator.write(CTRL_LANE0, ALL | CROSS_RESULT);
    interpolator.write(CTRL_LANE1, ALL | CROSS_RESULT);
    interpolator.write(ACCUM0, 123);
    interpolator.write(ACCUM1, 456);
    interpolator.write(BASE0, 1);
    interpolator.write(BASE1, 0);
    const popped = Array.from({ length: 4 }, () => [
      interpolator.read(PEEK_LANE0),
      interpolator.read(POP_LANE1),
    ]);
    expect(popped).toEqual([
      [124, 456],
      [457, 124],
      [125, 457],
      [458, 125],
    ]);
  });

  it("counts up by its base", () => {
    const interpolator = new SioInterpolator(0);
    interpolator.write(CTRL_LANE0, ALL);
    interpolator.write(BASE0, 10);
    expect([1, 2, 3].map(() => interpolator.read(POP_LANE0))).toEqual([10, 20, 30]);
  });

  it("sign-extends from the top of the mask", () => {
    const interpolator = new SioInterpolator(0);
    interpolator.write(ACCUM0, 0x0000_9000);
    interpolator.write(CTRL_LANE0, lane(8, 0, 7) | SIGNED);
    expect(interpolator.read(PEEK_LANE0)).toBe(0xffff_ff90);
    expect(interpolator.read(ACCUM0_ADD)).toBe(0xffff_ff90);
  });

  it("flags masked-off bits", () => {
    const interpolator = new SioInterpolator(0);
    interpolator.write(CTRL_LANE0, lane(0, 0, 7));
    interpolator.write(CTRL_LANE1, ALL);
    interpolator.write(ACCUM0, 0x100);
    expect((interpolator.read(CTRL_LANE0) >>> 23) & 7).toBe(0b101);
    interpolator.write(ACCUM0, 0xff);
    expect((interpolator.read(CTRL_LANE0) >>> 23) & 7).toBe(0);
  });

  it("blends linearly, unsigned and signed", () => {
    const interpolator = new SioInterpolator(0);
    interpolator.write(CTRL_LANE0, BLEND);
    interpolator.write(CTRL_LANE1, lane(0, 0, 7));
    interpolator.write(BASE0, 500);
    interpolator.write(BASE1, 1000);
    const unsigned = [0, 1, 2, 3, 4, 5].map((i) => {
      interpolator.write(ACCUM1, Math.floor((255 * i) / 6));
      return interpolator.read(PEEK_LANE1);
    });
    expect(unsigned).toEqual([500, 582, 666, 748, 832, 914]);
    interpolator.write(CTRL_LANE1, lane(0, 0, 7) | SIGNED);
    interpolator.write(BASE0, -1000);
    interpolator.write(BASE1, 1000);
    interpolator.write(ACCUM1, 0);
    expect(interpolator.read(PEEK_LANE1) | 0).toBe(-1000);
    interpolator.write(ACCUM1, 128);
    expect(interpolator.read(PEEK_LANE1) | 0).toBe(0);
  });

  it("clamps (INTERP1)", () => {
    const interpolator = new SioInterpolator(1);
    interpolator.write(CTRL_LANE0, CLAMP | SIGNED | lane(2, 0, 29));
    interpolator.write(BASE0, 0);
    interpolator.write(BASE1, 255);
    const results = [-1024, -50, 0, 200, 1020, 2000].map((value) => {
      interpolator.write(ACCUM0, value);
      return interpolator.read(PEEK_LANE0);
    });
    expect(results).toEqual([0, 0, 0, 50, 255, 255]);
  });

  it("writes both bases at once, sign-extended by lane", () => {
    const interpolator = new SioInterpolator(0);
    interpolator.write(CTRL_LANE0, SIGNED);
    interpolator.write(BASE_1AND0, 0xfffe_fffd);
    expect(interpolator.read(BASE0)).toBe(0xffff_fffd);
    expect(interpolator.read(BASE1)).toBe(0xfffe);
  });

  it("has only the mode of its number", () => {
    const interpolator = new SioInterpolator(1);
    interpolator.write(CTRL_LANE0, BLEND | CLAMP);
    expect(interpolator.peek(CTRL_LANE0) & (BLEND | CLAMP)).toBe(CLAMP);
  });
});
