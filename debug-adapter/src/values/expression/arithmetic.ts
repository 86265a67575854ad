import { type Computed, fits, INTEGER_TYPES, type IntegerType } from "./computed";
import type { BinaryOperator } from "./syntax";

/** An operator's result, or one clause that says why there is none. */
export type Outcome = Computed | string;

/** Operators whose operands are both read; `&&` and `||` may not read their second. */
export type StrictOperator = Exclude<BinaryOperator, "&&" | "||">;

/**
 * Applies an operator as Rust does in a debug build: operands must have one type, and what overflows is an error. Two
 * literals without a type are computed exactly.
 */
export function applyBinary(operator: StrictOperator, left: Computed, right: Computed): Outcome {
  if (isComparison(operator)) return compare(operator, left, right);
  if (left.kind === "integer" && right.kind === "integer") return applyToIntegers(operator, left, right);
  if (left.kind === "float" || right.kind === "float") return applyToFloats(operator, left, right);
  if (left.kind === "bool" && right.kind === "bool") return applyToBools(operator, left.value, right.value);
  return `${operator} cannot be applied to ${kindText(left)} and ${kindText(right)}`;
}

/** `-x` and `!x`. */
export function applyUnary(operator: "-" | "!", operand: Computed): Outcome {
  if (operand.kind === "bool" && operator === "!") return { kind: "bool", value: !operand.value };
  if (operand.kind === "float" && operator === "-") return { ...operand, value: -operand.value };
  if (operand.kind !== "integer") return `${operator} cannot be applied to ${kindText(operand)}`;
  const { value, type } = operand;
  if (operator === "!") {
    const inverted = type === undefined || type.isSigned ? ~value : BigInt.asUintN(type.bits, ~value);
    return { ...operand, value: inverted };
  }
  if (type?.isSigned === false) return `an unsigned ${type.name} cannot be negated`;
  return checked("negate", -value, type);
}

/** What an operand is, in words. */
export function kindText(computed: Computed): string {
  switch (computed.kind) {
    case "integer":
      return computed.type?.name ?? "an integer";
    case "float":
      return computed.byteSize === undefined ? "a float" : computed.byteSize === 4 ? "f32" : "f64";
    case "text":
      return "a string";
    case "bool":
    case "char":
      return computed.kind;
    case "pointer":
      return "a pointer";
    case "variant":
      return computed.type;
  }
}

type Integer = Extract<Computed, { kind: "integer" }>;

/** The largest number that a shift of a literal gives: no machine type is wider. */
const WIDEST_BITS = 128n;

function applyToIntegers(operator: StrictOperator, left: Integer, right: Integer): Outcome {
  const isShift = operator === "<<" || operator === ">>";
  if (isShift) return shift(operator, left, right);
  if (left.type !== undefined && right.type !== undefined && left.type.name !== right.type.name) {
    return `${operator} needs two operands of one type, not ${left.type.name} and ${right.type.name}`;
  }
  const type = left.type ?? right.type;
  const misfit = [left, right].find((each) => type !== undefined && !fits(each.value, type));
  if (misfit !== undefined) return `${misfit.value} does not fit ${type?.name}`;
  const [a, b] = [left.value, right.value];
  switch (operator) {
    case "+":
      return checked("add", a + b, type);
    case "-":
      return checked("subtract", a - b, type);
    case "*":
      return checked("multiply", a * b, type);
    case "/":
      return b === 0n ? "attempt to divide by zero" : checked("divide", a / b, type);
    case "%":
      if (b === 0n) return "attempt to calculate the remainder with a divisor of zero";
      // Rust calls i32::MIN % -1 an overflow, since the division that it stands for is one.
      if (type !== undefined && !fits(a / b, type)) return "attempt to calculate the remainder with overflow";
      return { kind: "integer", value: a % b, type };
    case "&":
      return { kind: "integer", value: a & b, type };
    case "|":
      return { kind: "integer", value: a | b, type };
    default:
      return { kind: "integer", value: a ^ b, type };
  }
}

/** The shifted number keeps its type, whatever that of the distance is; bits shifted out are lost. */
function shift(operator: "<<" | ">>", { value, type }: Integer, distance: Integer): Outcome {
  const bits = type === undefined ? WIDEST_BITS : BigInt(type.bits);
  if (distance.value < 0n || distance.value >= bits) {
    return `attempt to shift ${operator === "<<" ? "left" : "right"} with overflow`;
  }
  if (operator === ">>") return { kind: "integer", value: value >> distance.value, type };
  const shifted = value << distance.value;
  if (type === undefined) return checked("shift left", shifted, undefined);
  const kept = type.isSigned ? BigInt.asIntN(type.bits, shifted) : BigInt.asUintN(type.bits, shifted);
  return { kind: "integer", value: kept, type };
}

function checked(what: string, value: bigint, type: IntegerType | undefined): Outcome {
  const isInside =
    type === undefined
      ? fits(value, INTEGER_TYPES.get("i128")!) || fits(value, INTEGER_TYPES.get("u128")!)
      : fits(value, type);
  return isInside ? { kind: "integer", value, type } : `attempt to ${what} with overflow`;
}

function applyToFloats(operator: StrictOperator, left: Computed, right: Computed): Outcome {
  const a = floatOf(left);
  const b = floatOf(right);
  const isMixed = a?.byteSize !== undefined && b?.byteSize !== undefined && a.byteSize !== b.byteSize;
  const apply = FLOAT_OPERATORS[operator];
  if (a === undefined || b === undefined || isMixed || apply === undefined) {
    return `${operator} cannot be applied to ${kindText(left)} and ${kindText(right)}`;
  }
  const byteSize = a.byteSize ?? b.byteSize;
  const value = apply(a.value, b.value);
  return { kind: "float", value: byteSize === 4 ? Math.fround(value) : value, byteSize };
}

const FLOAT_OPERATORS: Partial<Record<StrictOperator, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};

type Float = Extract<Computed, { kind: "float" }>;

/** Rust demands `1.0`; for someone who types a watch expression, a literal `1` is as clear. */
function floatOf(computed: Computed): Float | undefined {
  if (computed.kind === "float") return computed;
  const isLiteral = computed.kind === "integer" && computed.type === undefined;
  return isLiteral ? { kind: "float", value: Number(computed.value), byteSize: undefined } : undefined;
}

function applyToBools(operator: StrictOperator, left: boolean, right: boolean): Outcome {
  switch (operator) {
    case "&":
      return { kind: "bool", value: left && right };
    case "|":
      return { kind: "bool", value: left || right };
    case "^":
      return { kind: "bool", value: left !== right };
    default:
      return `${operator} cannot be applied to bool and bool`;
  }
}

type Comparison = "==" | "!=" | "<" | ">" | "<=" | ">=";

function isComparison(operator: StrictOperator): operator is Comparison {
  return operator.endsWith("=") || operator === "<" || operator === ">";
}

function compare(operator: Comparison, left: Computed, right: Computed): Outcome {
  const pair = comparable(left, right);
  if (typeof pair === "string") return pair;
  const [a, b] = pair;
  const isOrdered = left.kind !== "variant" && left.kind !== "pointer";
  if (!isOrdered && operator !== "==" && operator !== "!=") return `${kindText(left)} has no order`;
  return { kind: "bool", value: COMPARISONS[operator](a, b) };
}

type Comparable = bigint | number | string | boolean;

const COMPARISONS: Record<Comparison, (a: Comparable, b: Comparable) => boolean> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
};

function comparable(left: Computed, right: Computed): [Comparable, Comparable] | string {
  const misfit = `${kindText(left)} cannot be compared with ${kindText(right)}`;
  if (left.kind === "integer" && right.kind === "integer") {
    const isOfOneType = !left.type || !right.type || left.type.name === right.type.name;
    return isOfOneType ? [left.value, right.value] : misfit;
  }
  if (left.kind === "float" || right.kind === "float") {
    const [a, b] = [floatOf(left), floatOf(right)];
    return a === undefined || b === undefined ? misfit : [narrow(a, b), narrow(b, a)];
  }
  // An address may be given as a plain number.
  const [a, b] = [addressOf(left), addressOf(right)];
  if ((left.kind === "pointer" || right.kind === "pointer") && a !== undefined && b !== undefined)
    return [a, b];
  if (left.kind === "variant" && right.kind === "variant") return [left.name, right.name];
  const isPlain = left.kind === "bool" || left.kind === "char" || left.kind === "text";
  if (isPlain && left.kind === right.kind) return [left.value, right.value];
  return misfit;
}

/** A literal that meets an f32 is one: `x == 0.1` holds where x is `0.1f32`. */
function narrow(float: Float, other: Float): number {
  return float.byteSize === undefined && other.byteSize === 4 ? Math.fround(float.value) : float.value;
}

function addressOf(computed: Computed): bigint | undefined {
  if (computed.kind === "pointer") return BigInt(computed.address);
  return computed.kind === "integer" ? computed.value : undefined;
}
