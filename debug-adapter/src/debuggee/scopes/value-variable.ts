import type { RegisterNumber } from "../../target/architecture";
import { childrenOf } from "../../values/children";
import { evaluate, type ExpressionScope } from "../../values/expression/evaluate";
import type { ValueReader } from "../../values/reader";
import { resolvedShape } from "../../values/shape-of";
import { pathOf, withoutAliases } from "../../values/type-words";
import type { NamedValue, Value } from "../../values/value";
import { valueText } from "../../values/value-text";
import { isRam } from "./ram";
import type { AssignmentTarget, Variable, VariableList } from "./variable";

/** What a value is shown in. */
export interface ValueContext {
  readonly reader: ValueReader;
  /** What expressions about it may name. */
  readonly scope: ExpressionScope;
}

/**
 * A value of the program as a variable.
 * @param expressions what it may be written as: the first that evaluates to this very value is given to the user
 */
export function valueVariable(
  { name, value }: NamedValue,
  expressions: readonly string[],
  context: ValueContext,
): Variable {
  const { reader } = context;
  const expression = expressions.find((each) => denotes(each, value, context));
  const children = childrenOf(value, reader);
  const named = children.named.length;
  const parts: VariableList = {
    indexed: children.indexed,
    named,
    namedVariables: () => children.named.map((each) => partOf(each, expression, context)),
    elements: (start, count) =>
      children.elements(start, count).map((each) => partOf(each, expression, context)),
  };
  return {
    name,
    text: valueText(value, reader),
    type: value.type.name === "" ? undefined : value.type.name,
    expression,
    memory: memoryOf(value, reader),
    bytes: bytesOf(value, reader),
    parts: named === 0 && children.indexed === 0 ? undefined : parts,
    target: assignable(value, context),
  };
}

function partOf(part: NamedValue, whole: string | undefined, context: ValueContext): Variable {
  return valueVariable(part, whole === undefined ? [] : partExpressions(part.name, whole), context);
}

/** What a part may be called, given what the whole is called. */
function partExpressions(name: string, whole: string): string[] {
  // Operators before a value bind weaker than what follows it.
  const primary = /^[*&!-]/.test(whole) || whole.includes(" as ") ? `(${whole})` : whole;
  if (name === "*") return [`*${whole}`];
  if (/^\[\d+\]$/.test(name)) return [primary + name];
  if (!/^\w+$/.test(name)) return [];
  return name === "value" ? [`${primary}.value`, `*${whole}`] : [`${primary}.${name}`];
}

function denotes(expression: string, value: Value, { reader, scope }: ValueContext): boolean {
  const found = evaluate(expression, reader, scope);
  if (found.kind === "error" || found.value.type.name !== value.type.name) return false;
  const [a, b] = [found.value.location, value.location];
  if (a.kind === "memory") return b.kind === "memory" && a.address === b.address;
  if (a.kind === "gathered") return b.kind === "gathered" && a.located === b.located && a.offset === b.offset;
  return b.kind === "nowhere" && a.reason === b.reason;
}

/** Where a pointer points to; for anything else where it is. */
function memoryOf(value: Value, reader: ValueReader): number | undefined {
  const shape = resolvedShape(value, reader);
  if (shape.kind === "pointer") return shape.address === 0 ? undefined : shape.address;
  return value.type.byteSize > 0 ? reader.addressOf(value) : undefined;
}

function bytesOf(value: Value, reader: ValueReader): Variable["bytes"] {
  const address = reader.addressOf(value);
  const count = value.type.byteSize;
  return address === undefined || count === 0 ? undefined : { address, count };
}

/** Wrappers that a user sets the inside of by one number. */
const WRAPS_A_SCALAR =
  /^(?:core::sync::atomic::Atomic\w*|core::cell::(?:Unsafe)?Cell|portable_atomic::Atomic\w+)$/;

/** The scalar that is set when a user sets a value; undefined for what has no single one, or none within reach. */
export function assignable(value: Value, { reader, scope }: ValueContext): AssignmentTarget | undefined {
  const inside = WRAPS_A_SCALAR.test(pathOf(value.type)) ? reader.unwrapped(value) : value;
  const { kind, byteSize } = withoutAliases(inside.type);
  const isScalar = kind === "base" || kind === "pointer" || kind === "plain-enum";
  if (!isScalar || byteSize === 0) return undefined;
  const { location } = inside;
  if (location.kind === "gathered") {
    const { register, offset, located } = location;
    const isAll = offset === 0 && located.bytes.length === byteSize && located.missing.length === 0;
    if (register === undefined || !isAll || scope.hasCoreRegisters !== true) return undefined;
    return { kind: "held", value: inside, register: register as RegisterNumber };
  }
  const at = reader.addressOf(inside);
  return at !== undefined && isRam(at, byteSize) ? { kind: "value", value: inside } : undefined;
}
