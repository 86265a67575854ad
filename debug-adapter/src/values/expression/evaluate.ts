import { decodeUtf8 } from "../../base/utf8";
import type { Type } from "../../symbols/types/type";
import { sliceType, STR } from "../pointers";
import type { ValueReader } from "../reader";
import { resolvedShape } from "../shape-of";
import { shortName, withoutAliases } from "../type-words";
import type { Value } from "../value";
import { applyBinary, applyUnary, kindText, type Outcome, type StrictOperator } from "./arithmetic";
import { cast } from "./cast";
import { baseTypeNamed, type Computed, INTEGER_TYPES, integerTypeOf, pointerType, valueOf } from "./computed";
import { ExpressionError } from "./expression-error";
import { findStatic, findType } from "./names";
import { parseExpression } from "./parser";
import { elementOf, fieldOf, type PartOutcome, pointeeOf, rangeOf } from "./parts";
import type { Expression, TypeSyntax } from "./syntax";

/** The variables that an expression may name besides statics: those of a frame or of a suspended future. */
export interface ExpressionScope {
  /** A variable of exactly this name, the innermost if several have it. */
  lookup(name: string): Value | undefined;
  /** A clause for a reader about a variable whose value is not to be taken as it stands. */
  remarkOn?(name: string): string | undefined;
  /** Whether what lies in registers lies in those that the core has now: so it is in the innermost function. */
  readonly hasCoreRegisters?: boolean;
}

/** A value, or one sentence with the position, from 0, that it is about. */
export type Evaluation =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "error"; readonly message: string; readonly position: number };

/** A scope without variables. */
export const NO_SCOPE: ExpressionScope = { lookup: () => undefined };

/** Evaluates an expression in a program that stands still. It never changes anything. */
export function evaluate(text: string, reader: ValueReader, scope: ExpressionScope = NO_SCOPE): Evaluation {
  return guarded(() => evaluateParsed(parseExpression(text), reader, scope));
}

/** `evaluate` for what has been parsed before, as a breakpoint's condition is. */
export function evaluateParsed(
  expression: Expression,
  reader: ValueReader,
  scope: ExpressionScope = NO_SCOPE,
): Evaluation {
  return guarded(() => ({
    kind: "value",
    value: asValue(new Evaluator(reader, scope).evaluate(expression)),
  }));
}

/** Whether a condition holds. It must be a `bool`. */
export function evaluateCondition(
  expression: Expression,
  reader: ValueReader,
  scope: ExpressionScope = NO_SCOPE,
): { readonly kind: "bool"; readonly value: boolean } | Extract<Evaluation, { kind: "error" }> {
  return guarded(() => {
    const evaluator = new Evaluator(reader, scope);
    return { kind: "bool", value: evaluator.condition(expression) };
  });
}

function guarded<Result>(work: () => Result): Result | Extract<Evaluation, { kind: "error" }> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { kind: "error", message: error.message, position: error.position };
  }
}

/** A place in the program, or what has been computed. */
type Operand = { readonly kind: "place"; readonly value: Value } | Computed;

class Evaluator {
  constructor(
    private readonly reader: ValueReader,
    private readonly scope: ExpressionScope,
  ) {}

  evaluate(expression: Expression): Operand {
    switch (expression.kind) {
      case "integer":
        return this.integer(expression);
      case "float": {
        const byteSize = expression.suffix === "f32" ? 4 : expression.suffix === "f64" ? 8 : undefined;
        return {
          kind: "float",
          value: byteSize === 4 ? Math.fround(expression.value) : expression.value,
          byteSize,
        };
      }
      case "bool":
        return { kind: "bool", value: expression.value };
      case "char":
        return expression.isByte
          ? { kind: "integer", value: BigInt(expression.value), type: INTEGER_TYPES.get("u8") }
          : { kind: "char", value: expression.value };
      case "string":
        return { kind: "text", value: expression.value };
      case "path":
        return this.path(expression);
      case "field":
        return this.place(fieldOf(this.value(expression.of), expression.name, this.reader), expression);
      case "index": {
        const index = this.index(expression.index);
        return this.place(elementOf(this.value(expression.of), index, this.reader), expression);
      }
      case "slice":
        return this.slice(expression);
      case "unary":
        return this.unary(expression);
      case "binary":
        return this.binary(expression);
      case "cast": {
        const operand = this.load(expression.operand, "cast");
        return computed(cast(operand, this.type(expression.type)), expression.position);
      }
    }
  }

  condition(expression: Expression): boolean {
    const operand = this.load(expression);
    if (operand.kind === "bool") return operand.value;
    throw new ExpressionError(
      `a condition must be bool, and this is ${kindText(operand)}`,
      expression.position,
    );
  }

  private integer({ value, suffix, position }: Extract<Expression, { kind: "integer" }>): Computed {
    const type = INTEGER_TYPES.get(suffix);
    const [least, most] = type === undefined ? [0n, (1n << 128n) - 1n] : [0n, (1n << BigInt(type.bits)) - 1n];
    // The minus of `-128i8` is an operator, so that one more than the largest is written.
    const limit = type?.isSigned === true ? (most >> 1n) + 1n : most;
    if (value < least || value > limit)
      throw new ExpressionError(`${value} does not fit ${suffix || "u128"}`, position);
    return { kind: "integer", value, type };
  }

  private path({ name, position }: Extract<Expression, { kind: "path" }>): Operand {
    const local = name.includes("::") ? undefined : this.scope.lookup(name);
    if (local !== undefined) return { kind: "place", value: local };
    const limit = limitNamed(name);
    if (limit !== undefined) return limit;
    const found = findStatic(name, this.reader.symbols);
    if (typeof found === "string") throw new ExpressionError(found, position);
    return { kind: "place", value: this.reader.at(found.type, found.address) };
  }

  private slice(expression: Extract<Expression, { kind: "slice" }>): Operand {
    const start = expression.start === undefined ? 0n : this.index(expression.start);
    const written = expression.end === undefined ? undefined : this.index(expression.end);
    const end = written === undefined || !expression.isInclusive ? written : written + 1n;
    return this.place(rangeOf(this.value(expression.of), { start, end }, this.reader), expression);
  }

  private unary({ operator, operand, position }: Extract<Expression, { kind: "unary" }>): Operand {
    switch (operator) {
      case "*":
        return this.place(pointeeOf(this.value(operand), this.reader), { position });
      case "&":
        return this.reference(this.value(operand), position);
      case "-":
      case "!":
        return computed(applyUnary(operator, this.load(operand)), position);
    }
  }

  /** A reference to a slice or to text is wide; here the slice itself stands for it. */
  private reference(value: Value, position: number): Operand {
    const { type } = value;
    const isUnsized = type.kind === "array" && (type.name === STR || type.offset === 0);
    if (isUnsized) return { kind: "place", value };
    const address = this.reader.addressOf(value);
    if (address === undefined) throw new ExpressionError("the value is not in memory", position);
    return { kind: "pointer", address, type: pointerType("&", type) };
  }

  private binary(expression: Extract<Expression, { kind: "binary" }>): Operand {
    const { operator, left, right, position } = expression;
    if (operator === "&&" || operator === "||") {
      const first = this.condition(left);
      const isDecided = first === (operator === "||");
      return { kind: "bool", value: isDecided ? first : this.condition(right) };
    }
    const isEquality = operator === "==" || operator === "!=";
    const pair = (isEquality ? this.withVariant(left, right) : undefined) ?? [
      this.load(left),
      this.load(right),
    ];
    return computed(applyBinary(operator satisfies StrictOperator, pair[0], pair[1]), position);
  }

  /** `state == State::Running`: a variant's name is no value by itself, but means one beside an enum. */
  private withVariant(left: Expression, right: Expression): [Computed, Computed] | undefined {
    const named = [left, right].find((each) => each.kind === "path" && !this.isKnown(each.name));
    if (named?.kind !== "path") return undefined;
    const other = this.load(named === left ? right : left);
    if (other.kind !== "variant") return undefined;
    const components = named.name.split("::");
    const type = components.at(-2);
    const isMeant = type === undefined || type === other.type;
    if (!isMeant) throw new ExpressionError(`this is a ${other.type}, not a ${type}`, named.position);
    return [other, { kind: "variant", name: components.at(-1)!, type: other.type }];
  }

  private isKnown(name: string): boolean {
    if (!name.includes("::") && this.scope.lookup(name) !== undefined) return true;
    return limitNamed(name) !== undefined || typeof findStatic(name, this.reader.symbols) !== "string";
  }

  private index(expression: Expression): bigint {
    const index = this.load(expression);
    if (index.kind === "integer") return index.value;
    throw new ExpressionError(
      `an index must be an integer, and this is ${kindText(index)}`,
      expression.position,
    );
  }

  private value(expression: Expression): Value {
    return asValue(this.evaluate(expression));
  }

  private place(outcome: PartOutcome, { position }: { readonly position: number }): Operand {
    if (typeof outcome === "string") throw new ExpressionError(outcome, position);
    return { kind: "place", value: outcome };
  }

  /** Reads an operand: numbers, `bool`, `char`, pointers, text and enums, through whatever wraps them. */
  private load(expression: Expression, purpose: "compute" | "cast" = "compute"): Computed {
    const operand = this.evaluate(expression);
    if (operand.kind !== "place") return operand;
    const loaded = loadValue(operand.value, this.reader, purpose);
    if (typeof loaded === "string") throw new ExpressionError(loaded, expression.position);
    return loaded;
  }

  private type(syntax: TypeSyntax): Type {
    switch (syntax.kind) {
      case "pointer":
        return pointerType(syntax.prefix, this.type(syntax.target));
      case "array": {
        const element = this.type(syntax.element);
        return sliceType(element, syntax.length, `[${element.name}; ${syntax.length}]`);
      }
      case "named": {
        const found = baseTypeNamed(syntax.name) ?? findType(syntax.name, this.reader.symbols);
        if (typeof found === "string") throw new ExpressionError(found, syntax.position);
        return found;
      }
    }
  }
}

function asValue(operand: Operand): Value {
  return operand.kind === "place" ? operand.value : valueOf(operand);
}

function computed(outcome: Outcome, position: number): Computed {
  if (typeof outcome === "string") throw new ExpressionError(outcome, position);
  return outcome;
}

/** `u32::MAX` and the like. */
function limitNamed(name: string): Computed | undefined {
  const [typeName, limit, more] = name.split("::");
  const type = INTEGER_TYPES.get(typeName!);
  if (type === undefined || more !== undefined) return undefined;
  const least = type.isSigned ? -(1n << BigInt(type.bits - 1)) : 0n;
  const most = (1n << BigInt(type.isSigned ? type.bits - 1 : type.bits)) - 1n;
  if (limit === "MAX") return { kind: "integer", value: most, type };
  return limit === "MIN" ? { kind: "integer", value: least, type } : undefined;
}

/** Wrappers and references between a place and its number. */
const MOST_STEPS = 32;

function loadValue(value: Value, reader: ValueReader, purpose: "compute" | "cast"): Computed | string {
  let current = value;
  for (let step = 0; step < MOST_STEPS; step++) {
    const own = loadScalar(current, reader, purpose);
    if (own !== undefined) return own;
    const shape = resolvedShape(current, reader);
    if (shape.kind === "unavailable") return `the value is not there: ${shape.text}`;
    if (shape.kind === "wrapped" && shape.inner !== undefined) current = shape.inner;
    else if (shape.kind === "pointer" && shape.isFollowed && shape.target !== undefined)
      current = shape.target;
    else {
      const content = reader.unwrapped(current);
      if (content.type === current.type) break;
      current = content;
    }
  }
  return `${shortName(value.type) || value.type.name} is no number, bool, char, string, pointer or enum`;
}

/** Undefined for what holds its number further inside. */
function loadScalar(
  value: Value,
  reader: ValueReader,
  purpose: "compute" | "cast",
): Computed | string | undefined {
  const type = withoutAliases(value.type);
  switch (type.kind) {
    case "base": {
      const scalar = reader.scalar(value);
      if (scalar === undefined) return undefined;
      switch (scalar.kind) {
        case "integer":
          return { ...scalar, type: integerTypeOf(type) };
        case "float":
          return { kind: "float", value: scalar.value, byteSize: scalar.byteSize === 8 ? 8 : 4 };
        case "bool":
        case "char":
          return scalar;
        case "unit":
          return "() is no value to compute with";
        case "invalid":
          return `the memory holds an invalid ${type.name}, 0x${scalar.raw.toString(16)}`;
      }
    }
    // falls through
    case "pointer": {
      // A reference stands for what it refers to; a raw pointer, and what is cast, for its address.
      const isReference = type.name.startsWith("&") && purpose === "compute";
      const address = isReference ? undefined : reader.count(value);
      return address === undefined ? undefined : { kind: "pointer", address, type };
    }
    case "plain-enum":
      return loadEnumerator(value, type, { reader, purpose });
    case "enum": {
      const active = reader.activeVariant(value, type);
      return active.kind === "variant"
        ? { kind: "variant", name: active.variant.name, type: shortName(type) }
        : undefined;
    }
    case "array":
      return type.name === STR ? loadText(value, type.length, reader) : undefined;
    default:
      return undefined;
  }
}

function loadEnumerator(
  value: Value,
  type: Extract<Type, { kind: "plain-enum" }>,
  { reader, purpose }: { readonly reader: ValueReader; readonly purpose: "compute" | "cast" },
): Computed | string | undefined {
  const underlying = withoutAliases(type.underlying);
  const raw = reader.unsigned(value);
  if (raw === undefined) return undefined;
  const bits = 8 * type.byteSize;
  const found = type.enumerators.find((each) => BigInt.asUintN(bits, each.value) === raw);
  if (purpose === "cast") {
    const integer = underlying.kind === "base" ? integerTypeOf(underlying) : undefined;
    return { kind: "integer", value: found?.value ?? raw, type: integer };
  }
  if (found === undefined) return `the memory holds an invalid ${shortName(type)}, 0x${raw.toString(16)}`;
  return { kind: "variant", name: found.name, type: shortName(type) };
}

function loadText(value: Value, length: number, reader: ValueReader): Computed | string {
  if (length > LONGEST_TEXT) return `a string of ${length} bytes is too long to compute with`;
  const result = reader.bytes(value);
  return result.kind === "bytes"
    ? { kind: "text", value: decodeUtf8(result.bytes) }
    : `the value is not there: ${result.reason}`;
}

const LONGEST_TEXT = 65_536;
