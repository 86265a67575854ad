import type { ArrayType } from "../../symbols/types/type";
import { sliceType, STR } from "../pointers";
import type { ValueReader } from "../reader";
import type { Formatter, ListShape } from "../shape";
import { withoutAliases } from "../type-words";
import type { Value } from "../value";
import { assumeInit } from "../maybe-uninit";

// heapless renames its types as it goes (`Vec` is `VecInner` since 0.9) and wraps the buffer in a storage type;
// the members are `len` and `buffer` in all versions, and `front`, `back` and `full` in a deque.

/** `Vec(2 of 8) [1, 2]`. */
export const heaplessVecFormatter: Formatter = {
  types: ["heapless::vec::Vec", "heapless::vec::VecInner", "heapless::Vec"],
  shape: (value, reader) => vecShape("Vec", value, reader),
};

/** The elements of a vector, under the name of what uses it. */
export function vecShape(name: string, value: Value, reader: ValueReader): QueueShape | undefined {
  const found = vecParts(value, reader);
  return found && listOf(name, found.buffer, { start: 0, length: found.length, reader });
}

/** Elements in a place that has room for so many. */
export interface QueueShape extends ListShape {
  readonly capacity: number;
}

/** Shown as its text. */
export const heaplessStringFormatter: Formatter = {
  types: ["heapless::string::String", "heapless::string::StringInner", "heapless::String"],
  shape(value, reader) {
    const vec = reader.member(value, "vec");
    const found = vec && vecParts(vec, reader);
    if (found === undefined) return undefined;
    const { type } = found.buffer;
    const text = sliceType(assumeInit(reader.element(found.buffer.value, type, 0)).type, found.length, STR);
    return { kind: "same", value: { type: text, location: found.buffer.value.location } };
  },
};

/** `Deque(2 of 8) [1, 2]`, from the front on. */
export const dequeFormatter: Formatter = {
  types: ["heapless::deque::Deque", "heapless::deque::DequeInner", "heapless::Deque"],
  shape: (value, reader) => dequeShape("Deque", value, reader),
};

/** The elements of a deque, from the front on, under the name of what uses it. */
export function dequeShape(name: string, value: Value, reader: ValueReader): QueueShape | undefined {
  const buffer = bufferOf(value, reader);
  const front = reader.count(reader.member(value, "front"));
  const back = reader.count(reader.member(value, "back"));
  const full = reader.unsigned(reader.member(value, "full"));
  if (buffer === undefined || front === undefined || back === undefined || full === undefined)
    return undefined;
  const capacity = buffer.type.length;
  if (front >= capacity || back >= capacity || full > 1n || (full === 1n && front !== back)) return undefined;
  const length = full === 1n ? capacity : (back - front + capacity) % capacity;
  return listOf(name, buffer, { start: front, length, reader });
}

interface Buffer {
  readonly value: Value;
  readonly type: ArrayType;
}

/** Elements in a ring. Those that were never pushed are left out. */
function listOf(
  name: string,
  { value, type }: Buffer,
  {
    start,
    length,
    reader,
  }: { readonly start: number; readonly length: number; readonly reader: ValueReader },
): QueueShape {
  return {
    kind: "list",
    name,
    note: `${length} of ${type.length}`,
    count: length,
    capacity: type.length,
    element: (index) => assumeInit(reader.element(value, type, (start + index) % type.length)),
  };
}

function vecParts(
  value: Value,
  reader: ValueReader,
): { readonly buffer: Buffer; readonly length: number } | undefined {
  const buffer = bufferOf(value, reader);
  const length = reader.count(reader.member(value, "len"));
  return buffer === undefined || length === undefined || length > buffer.type.length
    ? undefined
    : { buffer, length };
}

function bufferOf(value: Value, reader: ValueReader): Buffer | undefined {
  const member = reader.member(value, "buffer");
  const content = member && reader.unwrapped(member);
  const type = content && withoutAliases(content.type);
  return type?.kind === "array" ? { value: content!, type } : undefined;
}
