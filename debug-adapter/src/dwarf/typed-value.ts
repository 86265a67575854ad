import { DW_OP } from "./constants";

/**
 * Types of values on the stack of an expression (DWARF 5 section 2.5.1). The generic type has the size of an address
 * and no sign: each operator says how it takes it.
 */
export interface ValueType {
  readonly kind: "generic" | "signed" | "unsigned" | "float";
  readonly byteSize: number;
}

/** A value on the stack of an expression. */
export interface TypedValue {
  readonly type: ValueType;
  /** Its bits as an unsigned number, as many as the type has. */
  readonly bits: bigint;
  /**
   * For a constant of the generic type, the number as it was written. LLVM describes 64-bit variables of known value
   * by one constant, which the generic type of a 32-bit target would cut.
   */
  readonly written?: bigint;
}

export const GENERIC: ValueType = { kind: "generic", byteSize: 4 };

/** The fault of an expression: thrown inside the evaluator only. */
export class ExpressionFault extends Error {
  override readonly name = "ExpressionFault";
}

/** A value of the generic type, reduced to its size. */
export function generic(value: bigint | number): TypedValue {
  return { type: GENERIC, bits: BigInt.asUintN(32, BigInt(value)) };
}

/** A constant of the generic type that remembers how it was written. */
export function constant(written: bigint): TypedValue {
  return { type: GENERIC, bits: BigInt.asUintN(32, written), written };
}

/** A value of a type by its bytes; missing ones are 0. */
export function fromBytes(type: ValueType, bytes: Uint8Array): TypedValue {
  let bits = 0n;
  for (let i = Math.min(bytes.length, type.byteSize) - 1; i >= 0; i--)
    bits = (bits << 8n) | BigInt(bytes[i]!);
  return { type, bits };
}

/** The bytes of a value: those of its type, or 8 for a constant that has more than 4. */
export function toBytes({ type, bits, written }: TypedValue): Uint8Array {
  const isWide = written !== undefined;
  const size = isWide ? 8 : type.byteSize;
  const bytes = new Uint8Array(size);
  for (let i = 0, rest = isWide ? BigInt.asUintN(64, written) : bits; i < size; i++, rest >>= 8n) {
    bytes[i] = Number(rest & 0xffn);
  }
  return bytes;
}

/** A value as an integer, unsigned unless its type says otherwise. */
export function toInteger(value: TypedValue): bigint {
  const { type, bits } = value;
  if (type.kind === "float")
    throw new ExpressionFault("an integer was expected, not a floating-point number");
  return type.kind === "signed" ? BigInt.asIntN(8 * type.byteSize, bits) : bits;
}

/** A value as an address. */
export function toAddress(value: TypedValue): number {
  return Number(BigInt.asUintN(32, toInteger(value)));
}

/** Converts a value (DW_OP_convert): by its meaning, not by its bits. */
export function convert(value: TypedValue, type: ValueType): TypedValue {
  if (value.type.kind === "float") {
    const number = toFloat(value);
    if (type.kind === "float") return fromFloat(type, number);
    if (!Number.isFinite(number)) throw new ExpressionFault("a number that is not finite has no integer");
    return integer(type, BigInt(Math.trunc(number)));
  }
  return type.kind === "float" ? fromFloat(type, Number(toInteger(value))) : integer(type, toInteger(value));
}

/** Gives the bits of a value another type of the same size (DW_OP_reinterpret). */
export function reinterpret(value: TypedValue, type: ValueType): TypedValue {
  if (value.type.byteSize !== type.byteSize) {
    throw new ExpressionFault(`${value.type.byteSize} bytes cannot be taken as ${type.byteSize}`);
  }
  return { type, bits: value.bits };
}

/** DW_OP_abs, DW_OP_neg, DW_OP_not. The generic type is signed here (DWARF 5 section 2.5.1.4). */
export function unary(operator: number, value: TypedValue): TypedValue {
  const { type, bits } = value;
  if (operator === DW_OP.not) {
    toInteger(value);
    return integer(type, ~bits);
  }
  if (type.kind === "float") {
    const number = toFloat(value);
    return fromFloat(type, operator === DW_OP.neg ? -number : Math.abs(number));
  }
  const number = type.kind === "unsigned" ? bits : signed(value);
  return integer(type, operator === DW_OP.neg || number < 0n ? -number : number);
}

/** Operators of two operands; `left` was pushed first. */
export function binary(operator: number, left: TypedValue, right: TypedValue): TypedValue {
  switch (operator) {
    case DW_OP.shl:
    case DW_OP.shr:
    case DW_OP.shra:
      return shift(operator, left, toInteger(right));
  }
  checkSameType(left.type, right.type);
  if (left.type.kind === "float") return floatBinary(operator, left, right);
  const { type, bits: a } = left;
  const b = right.bits;
  switch (operator) {
    case DW_OP.plus:
      return integer(type, a + b);
    case DW_OP.minus:
      return integer(type, a - b);
    case DW_OP.mul:
      return integer(type, a * b);
    case DW_OP.and:
      return integer(type, a & b);
    case DW_OP.or:
      return integer(type, a | b);
    case DW_OP.xor:
      return integer(type, a ^ b);
    case DW_OP.div:
      if (b === 0n) throw new ExpressionFault("it divides by zero");
      return integer(type, type.kind === "unsigned" ? a / b : signed(left) / signed(right));
    case DW_OP.mod:
      if (b === 0n) throw new ExpressionFault("it divides by zero");
      return integer(type, type.kind === "signed" ? signed(left) % signed(right) : a % b);
    default:
      return compare(operator, compareIntegers(left, right));
  }
}

function shift(operator: number, value: TypedValue, distance: bigint): TypedValue {
  const { type, bits } = value;
  toInteger(value);
  if (distance < 0n) throw new ExpressionFault("it shifts by a negative number");
  const width = BigInt(8 * type.byteSize);
  switch (operator) {
    case DW_OP.shl:
      return integer(type, distance >= width ? 0n : bits << distance);
    case DW_OP.shr:
      return integer(type, distance >= width ? 0n : bits >> distance);
    default:
      return integer(type, signed(value) >> (distance >= width ? width : distance));
  }
}

function floatBinary(operator: number, left: TypedValue, right: TypedValue): TypedValue {
  const { type } = left;
  const a = toFloat(left);
  const b = toFloat(right);
  switch (operator) {
    case DW_OP.plus:
      return fromFloat(type, a + b);
    case DW_OP.minus:
      return fromFloat(type, a - b);
    case DW_OP.mul:
      return fromFloat(type, a * b);
    case DW_OP.div:
      return fromFloat(type, a / b);
    case DW_OP.and:
    case DW_OP.or:
    case DW_OP.xor:
    case DW_OP.mod:
      throw new ExpressionFault("an integer was expected, not a floating-point number");
    default:
      return compare(operator, a < b ? -1 : a > b ? 1 : a === b ? 0 : NaN);
  }
}

function compareIntegers(left: TypedValue, right: TypedValue): number {
  const isUnsigned = left.type.kind === "unsigned";
  const a = isUnsigned ? left.bits : signed(left);
  const b = isUnsigned ? right.bits : signed(right);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @param order below, at or above 0, as the left operand is to the right; NaN if they have no order */
function compare(operator: number, order: number): TypedValue {
  switch (operator) {
    case DW_OP.eq:
      return generic(order === 0 ? 1 : 0);
    case DW_OP.ne:
      return generic(order !== 0 ? 1 : 0);
    case DW_OP.lt:
      return generic(order < 0 ? 1 : 0);
    case DW_OP.le:
      return generic(order <= 0 ? 1 : 0);
    case DW_OP.gt:
      return generic(order > 0 ? 1 : 0);
    default:
      return generic(order >= 0 ? 1 : 0);
  }
}

function checkSameType(left: ValueType, right: ValueType): void {
  if (left.kind !== right.kind || left.byteSize !== right.byteSize) {
    throw new ExpressionFault(`it combines values of different types (${nameOf(left)}, ${nameOf(right)})`);
  }
}

function nameOf({ kind, byteSize }: ValueType): string {
  return kind === "generic" ? "generic" : `${kind} of ${byteSize} bytes`;
}

function signed({ type, bits }: TypedValue): bigint {
  return BigInt.asIntN(8 * type.byteSize, bits);
}

function integer(type: ValueType, value: bigint): TypedValue {
  return { type, bits: BigInt.asUintN(8 * type.byteSize, value) };
}

const scratch = new DataView(new ArrayBuffer(8));

function toFloat({ type, bits }: TypedValue): number {
  scratch.setBigUint64(0, bits, true);
  switch (type.byteSize) {
    case 4:
      return scratch.getFloat32(0, true);
    case 8:
      return scratch.getFloat64(0, true);
    default:
      throw new ExpressionFault(`floating-point numbers of ${type.byteSize} bytes are not known`);
  }
}

function fromFloat(type: ValueType, value: number): TypedValue {
  scratch.setBigUint64(0, 0n, true);
  switch (type.byteSize) {
    case 4:
      scratch.setFloat32(0, value, true);
      break;
    case 8:
      scratch.setFloat64(0, value, true);
      break;
    default:
      throw new ExpressionFault(`floating-point numbers of ${type.byteSize} bytes are not known`);
  }
  return { type, bits: BigInt.asUintN(8 * type.byteSize, scratch.getBigUint64(0, true)) };
}
