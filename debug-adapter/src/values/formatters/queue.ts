import type { ValueReader } from "../reader";
import { withoutAliases } from "../type-words";
import type { Value } from "../value";
import { dequeShape, vecShape } from "./heapless";
import { searchMember } from "./search-member";

/** How much is in a queue, and how much has room. */
export interface QueueFill {
  readonly count: number;
  readonly capacity: number;
}

/**
 * How full one of embassy-sync's queues is, whichever way it keeps its elements: in a deque (`Channel`,
 * `PubSubChannel`), a heap (`PriorityChannel`), or a ring of which it keeps the ends (`Pipe`, the zero-copy `Channel`).
 */
export function queueFill(value: Value, reader: ValueReader): QueueFill | undefined {
  const queue = searchMember(value, "queue", reader);
  if (queue === undefined) return ringOf(value, reader);
  const shape = dequeShape("", queue, reader) ?? heapShape("", queue, reader);
  return shape && { count: shape.count, capacity: shape.capacity };
}

/** The elements of a heap as they lie: the first is the next to be taken, the others are only roughly in order. */
export function heapShape(name: string, heap: Value, reader: ValueReader) {
  const vec = reader.member(heap, "data");
  return vec && vecShape(name, vec, reader);
}

/** A ring of which the ends are kept; both are equal when it is empty and when it is full. */
export interface Ring extends QueueFill {
  readonly start: number;
}

/** The ring that a value keeps the ends of: `start`, `end`, `full` of a pipe, `front`, `back`, `full` of a channel. */
export function ringOf(value: Value, reader: ValueReader): Ring | undefined {
  const number = (name: string) => reader.count(searchMember(value, name, reader));
  const start = number("start") ?? number("front");
  const end = number("end") ?? number("back");
  const full = number("full");
  const capacity = number("capacity") ?? lengthOf(searchMember(value, "buf", reader), reader);
  if (start === undefined || end === undefined || full === undefined || capacity === undefined)
    return undefined;
  const isPossible = start < capacity && end < capacity && full <= 1 && (full === 0 || start === end);
  if (!isPossible) return undefined;
  return { start, capacity, count: full === 1 ? capacity : (end - start + capacity) % capacity };
}

function lengthOf(buffer: Value | undefined, reader: ValueReader): number | undefined {
  const type = buffer && withoutAliases(reader.unwrapped(buffer).type);
  return type?.kind === "array" ? type.length : undefined;
}
