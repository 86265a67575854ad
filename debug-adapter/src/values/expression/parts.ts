import { isMaybeUninit } from "../maybe-uninit";
import { sliceType, STR } from "../pointers";
import type { ValueReader } from "../reader";
import { resolvedShape, shapeOf } from "../shape-of";
import type { Shape } from "../shape";
import { shortName, withoutAliases } from "../type-words";
import type { NamedValue, Value } from "../value";

/** A part of a value, or one clause that says why there is none. */
export type PartOutcome = Value | string;

/** Wrappers and references between a value and the part that is asked for. */
const MOST_STEPS = 32;

/** Names that an error lists. */
const MOST_NAMES = 8;

/**
 * A field by its name, or by its position in a tuple. As in Rust references are followed; cells, locks and other
 * wrappers are seen through as well, since their methods cannot be called here.
 */
export function fieldOf(value: Value, name: string, reader: ValueReader): PartOutcome {
  let current = value;
  let known: readonly NamedValue[] = [];
  for (let step = 0; step < MOST_STEPS; step++) {
    const own = ownMember(current, name, reader);
    if (own !== undefined) return own;
    const shape = shapeOf(current, reader);
    if (shape.kind === "record") {
      known = shape.fields;
      const field = known.find((each) => each.name === name);
      if (field !== undefined) return field.value;
    }
    const next = inside(shape);
    if (next === undefined) return noField(current, name, { shape, known });
    current = next;
  }
  return `${shortName(value.type)} has no field ${name}`;
}

/** An element of an array, slice or collection. */
export function elementOf(value: Value, index: bigint, reader: ValueReader): PartOutcome {
  let current = value;
  for (let step = 0; step < MOST_STEPS; step++) {
    const shape = shapeOf(current, reader);
    if (shape.kind === "list") {
      if (index < 0n || index >= BigInt(shape.count)) {
        return `index out of bounds: the length is ${shape.count} but the index is ${index}`;
      }
      return shape.element(Number(index));
    }
    const text = asText(current);
    if (text !== undefined) return elementOf(text, index, reader);
    const raw = rawElement(current, shape, index, reader);
    if (raw !== undefined) return raw;
    const next = inside(shape);
    if (next === undefined) return reasonOr(shape, `${nameOf(current)} cannot be indexed`);
    current = next;
  }
  return `${nameOf(value)} cannot be indexed`;
}

/** The elements from `start` to before `end`, which is the length if undefined. */
export function rangeOf(
  value: Value,
  { start, end }: { readonly start: bigint; readonly end: bigint | undefined },
  reader: ValueReader,
): PartOutcome {
  let current = value;
  for (let step = 0; step < MOST_STEPS; step++) {
    const type = withoutAliases(current.type);
    if (type.kind === "array") {
      const last = end ?? BigInt(type.length);
      if (start < 0n || start > last) return `slice index starts at ${start} but ends at ${last}`;
      if (last > BigInt(type.length)) {
        return `range end index ${last} is out of range for a slice of length ${type.length}`;
      }
      const name = type.name === STR ? STR : undefined;
      const slice = sliceType(type.element, Number(last - start), name);
      const first = reader.element(current, type, Number(start));
      return { type: slice, location: first.location };
    }
    const shape = shapeOf(current, reader);
    const next = shape.kind === "list" ? shape.array : inside(shape);
    if (next === undefined) return reasonOr(shape, `no range can be taken of ${nameOf(current)}`);
    current = next;
  }
  return `no range can be taken of ${nameOf(value)}`;
}

/** What a pointer, reference, smart pointer or guard leads to. */
export function pointeeOf(value: Value, reader: ValueReader): PartOutcome {
  const shape = resolvedShape(value, reader);
  if (shape.kind === "wrapped" && shape.inner !== undefined) return shape.inner;
  if (shape.kind !== "pointer") return reasonOr(shape, `${nameOf(value)} cannot be dereferenced`);
  if (shape.target !== undefined) return shape.target;
  if (shape.address === 0) return "the pointer is null";
  return `what ${nameOf(value)} points to has no known type or no size; cast it to another pointer first`;
}

function ownMember(value: Value, name: string, reader: ValueReader): Value | undefined {
  const type = withoutAliases(value.type);
  if (type.kind !== "struct" && type.kind !== "union") return undefined;
  const written = /^\d+$/.test(name) ? `__${name}` : name;
  const member = type.members.find((each) => each.name === written || each.name === name);
  return member && reader.part(value, member);
}

function inside(shape: Shape): Value | undefined {
  switch (shape.kind) {
    case "same":
      return shape.value;
    case "wrapped":
      return shape.inner;
    case "pointer":
      return shape.target;
    default:
      return undefined;
  }
}

/** A raw pointer may point to the first of several: `p[1]` is `*p.add(1)`. */
function rawElement(value: Value, shape: Shape, index: bigint, reader: ValueReader): Value | undefined {
  const type = withoutAliases(value.type);
  if (shape.kind !== "pointer" || shape.isFollowed || type.kind !== "pointer") return undefined;
  const target = withoutAliases(type.target);
  if (target.kind === "array" || target.byteSize === 0 || isMaybeUninit(target)) return undefined;
  return reader.at(target, (shape.address + Number(BigInt.asIntN(32, index)) * target.byteSize) >>> 0);
}

/** Text is indexed by its bytes. */
function asText(value: Value): Value | undefined {
  const type = withoutAliases(value.type);
  if (type.kind !== "array" || type.name !== STR) return undefined;
  return { type: sliceType(type.element, type.length), location: value.location };
}

function noField(
  value: Value,
  name: string,
  { shape, known }: { readonly shape: Shape; readonly known: readonly NamedValue[] },
): string {
  if (shape.kind === "pointer" && shape.address === 0) return "the pointer is null";
  if (known.length === 0) return reasonOr(shape, `${nameOf(value)} has no field ${name}`);
  const names = known.slice(0, MOST_NAMES).map((each) => each.name);
  const more = known.length > MOST_NAMES ? ", …" : "";
  return `${shape.kind === "record" ? shape.name || nameOf(value) : nameOf(value)} has no field ${name}, only ${names.join(", ")}${more}`;
}

function reasonOr(shape: Shape, otherwise: string): string {
  return shape.kind === "unavailable" ? `the value is not there: ${shape.text}` : otherwise;
}

function nameOf({ type }: Value): string {
  return type.name === "" ? "this" : type.name;
}
