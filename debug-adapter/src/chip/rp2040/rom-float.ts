/**
 * A soft-float routine of the boot ROM (datasheet 2.8.3.2): takes and returns raw registers, low word first.
 * JavaScript's numbers are IEEE doubles, and a basic operation on floats rounded to float is the float operation, so
 * results are correctly rounded. The real routines flush denormals to zero and return infinity for NaN; these do not.
 */
export type FloatRoutine = (arguments_: Int32Array, results: Int32Array) => void;

const scratch = new DataView(new ArrayBuffer(8));

/** Routines of the single-precision table at `SF`, by byte offset. */
export const FLOAT_ROUTINES: Readonly<Record<number, FloatRoutine>> = routines({
  argument: (words, at) => asFloat(words[at]!),
  result: (words, value) => {
    words[0] = floatBits(value);
  },
  words: 1,
});

/** Routines of the double-precision table at `SD`, by byte offset. */
export const DOUBLE_ROUTINES: Readonly<Record<number, FloatRoutine>> = routines({
  argument: (words, at) => asDouble(words[at]!, words[at + 1]!),
  result: (words, value) => {
    scratch.setFloat64(0, value, true);
    words[0] = scratch.getInt32(0, true);
    words[1] = scratch.getInt32(4, true);
  },
  words: 2,
});

/** How a precision passes its numbers in registers. */
interface Precision {
  readonly argument: (words: Int32Array, at: number) => number;
  readonly result: (words: Int32Array, value: number) => void;
  readonly words: 1 | 2;
}

/** Both tables have the same functions at the same offsets; only the conversion at 0x7c differs. */
function routines(precision: Precision): Record<number, FloatRoutine> {
  const { argument, result, words } = precision;
  const unary =
    (compute: (x: number) => number): FloatRoutine =>
    (from, to) =>
      result(to, compute(argument(from, 0)));
  const binary =
    (compute: (x: number, y: number) => number): FloatRoutine =>
    (from, to) =>
      result(to, compute(argument(from, 0), argument(from, words)));
  /** From an integer of one or two words, perhaps with a count of fraction bits behind it. */
  const fromInteger =
    (size: 1 | 2, isSigned: boolean, isFixed: boolean): FloatRoutine =>
    (from, to) => {
      const value = size === 1 ? integer(from[0]!, isSigned) : longInteger(from, isSigned);
      result(to, scale(value, isFixed ? -from[size]! : 0, words));
    };
  const toInteger =
    (size: 1 | 2, isSigned: boolean, isFixed: boolean): FloatRoutine =>
    (from, to) => {
      const fraction = isFixed ? from[words]! : 0;
      storeInteger(to, Math.floor(argument(from, 0) * 2 ** fraction), size, isSigned);
    };
  return {
    0x00: binary((x, y) => x + y),
    0x04: binary((x, y) => x - y),
    0x08: binary((x, y) => x * y),
    0x0c: binary((x, y) => x / y),
    0x18: unary((x) => (x < 0 ? -Infinity : Math.sqrt(x))),
    0x1c: toInteger(1, true, false),
    0x20: toInteger(1, true, true),
    0x24: toInteger(1, false, false),
    0x28: toInteger(1, false, true),
    0x2c: fromInteger(1, true, false),
    0x30: fromInteger(1, true, true),
    0x34: fromInteger(1, false, false),
    0x38: fromInteger(1, false, true),
    0x3c: unary(Math.cos),
    0x40: unary(Math.sin),
    0x44: unary(Math.tan),
    0x4c: unary(Math.exp),
    0x50: unary((x) => (x <= 0 ? -Infinity : Math.log(x))),
    0x54: (from, to) => {
      const x = argument(from, 0);
      const y = argument(from, words);
      to[0] = x < y ? -1 : x > y ? 1 : 0;
    },
    0x58: binary(Math.atan2),
    0x5c: fromInteger(2, true, false),
    0x60: fromInteger(2, true, true),
    0x64: fromInteger(2, false, false),
    0x68: fromInteger(2, false, true),
    0x6c: toInteger(2, true, false),
    0x70: toInteger(2, true, true),
    0x74: toInteger(2, false, false),
    0x78: toInteger(2, false, true),
    0x7c: (from, to) => {
      const value = argument(from, 0);
      if (words === 2) to[0] = floatBits(value);
      else {
        scratch.setFloat64(0, value, true);
        to[0] = scratch.getInt32(0, true);
        to[1] = scratch.getInt32(4, true);
      }
    },
  };
}

function asFloat(bits: number): number {
  scratch.setInt32(0, bits, true);
  return scratch.getFloat32(0, true);
}

function asDouble(low: number, high: number): number {
  scratch.setInt32(0, low, true);
  scratch.setInt32(4, high, true);
  return scratch.getFloat64(0, true);
}

function floatBits(value: number): number {
  scratch.setFloat32(0, value, true);
  return scratch.getInt32(0, true);
}

function integer(word: number, isSigned: boolean): number {
  return isSigned ? word : word >>> 0;
}

function longInteger(words: Int32Array, isSigned: boolean): bigint {
  const value = (BigInt(words[1]! >>> 0) << 32n) | BigInt(words[0]! >>> 0);
  return isSigned ? BigInt.asIntN(64, value) : value;
}

/** `value` x 2^`exponent`, rounded once. A 64-bit integer would be rounded twice on its way to a float. */
function scale(value: number | bigint, exponent: number, words: 1 | 2): number {
  if (typeof value === "number" || words === 2) return Number(value) * 2 ** exponent;
  return Number(roundToFloat(value)) * 2 ** exponent;
}

/** The integer a float can hold that is nearest to `value`, ties to even. */
function roundToFloat(value: bigint): bigint {
  const magnitude = value < 0n ? -value : value;
  const excess = magnitude.toString(2).length - 24;
  if (excess <= 0) return value;
  const unit = 1n << BigInt(excess);
  const rest = magnitude % unit;
  const down = magnitude - rest;
  const isUp = rest * 2n > unit || (rest * 2n === unit && (down / unit) % 2n === 1n);
  const rounded = isUp ? down + unit : down;
  return value < 0n ? -rounded : rounded;
}

/** Stores an integer of one or two words, clamped to what they hold; NaN is stored as 0. */
function storeInteger(to: Int32Array, value: number, size: 1 | 2, isSigned: boolean): void {
  const bits = size * 32;
  const least = isSigned ? -(2 ** (bits - 1)) : 0;
  const most = isSigned ? 2 ** (bits - 1) : 2 ** bits;
  if (size === 1) {
    to[0] = Math.min(Math.max(value, least), most - 1);
    return;
  }
  const exact = Number.isNaN(value)
    ? 0n
    : value <= least
      ? BigInt(least)
      : value >= most
        ? BigInt(most) - 1n
        : BigInt(value);
  to[0] = Number(BigInt.asIntN(32, exact));
  to[1] = Number(BigInt.asIntN(32, exact >> 32n));
}
