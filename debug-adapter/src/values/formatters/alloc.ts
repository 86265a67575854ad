import { sliceType, STR } from "../pointers";
import type { ValueReader } from "../reader";
import type { Formatter } from "../shape";
import type { Value } from "../value";
import { searchMember } from "./search-member";

/** More elements than a microcontroller has bytes of memory: garbage. */
const MOST_ELEMENTS = 1 << 24;

/** `Vec(2 of 8) [1, 2]`; a `String` as its text; `Rc(5, 2 strong, 1 weak)`. */
export const allocFormatters: readonly Formatter[] = [
  {
    types: ["alloc::vec::Vec"],
    shape(value, reader) {
      const found = vecElements(value, reader);
      if (found === undefined) return undefined;
      const { elements, type, capacity } = found;
      return {
        kind: "list",
        name: "Vec",
        note: `${type.length} of ${capacity}`,
        count: type.length,
        element: (index) => reader.element(elements, type, index),
        array: elements,
      };
    },
  },
  {
    types: ["alloc::string::String"],
    shape(value, reader) {
      const vec = reader.member(value, "vec");
      const found = vec && vecElements(vec, reader);
      if (found === undefined) return undefined;
      const { type, elements } = found;
      return { kind: "same", value: { ...elements, type: sliceType(type.element, type.length, STR) } };
    },
  },
  { types: ["alloc::rc::Rc"], shape: (value, reader) => countedShape("Rc", value, reader) },
  { types: ["alloc::sync::Arc"], shape: (value, reader) => countedShape("Arc", value, reader) },
];

function vecElements(value: Value, reader: ValueReader) {
  if (value.type.kind !== "struct") return undefined;
  const element = value.type.typeArguments[0]?.type;
  const length = reader.count(reader.member(value, "len"));
  const capacity = reader.count(searchMember(value, "cap", reader));
  const address = reader.count(searchMember(value, "pointer", reader));
  if (element === undefined || length === undefined || capacity === undefined || address === undefined)
    return undefined;
  if (length > MOST_ELEMENTS || (length > capacity && element.byteSize > 0)) return undefined;
  const type = sliceType(element, length);
  return { elements: reader.at(type, address), type, capacity };
}

/** The strong pointers together hold one weak one, which is not counted as such (`alloc::rc`). */
function countedShape(name: string, value: Value, reader: ValueReader) {
  const pointer = reader.member(value, "ptr");
  const inside = pointer && reader.unwrapped(pointer);
  const address = reader.count(inside);
  if (address === undefined || inside?.type.kind !== "pointer") return undefined;
  const counted = reader.at(inside.type.target, address);
  const strong = reader.unsigned(reader.member(counted, "strong"));
  const weak = reader.unsigned(reader.member(counted, "weak"));
  const inner = reader.member(counted, "value") ?? reader.member(counted, "data");
  if (strong === undefined || weak === undefined || inner === undefined) return undefined;
  const notes = [`${strong} strong`, `${weak > 0n ? weak - 1n : 0n} weak`];
  return { kind: "wrapped", name, inner, notes } as const;
}
