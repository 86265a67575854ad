import { type NamedPart, nearestPart } from "../../symbols/types/nearest-part";
import type { ValueReader } from "../reader";
import { pathOf } from "../type-words";
import type { Value } from "../value";

/** A member of a name, wherever it is inside a value: those that are less deep come first. */
export function searchMember(value: Value, name: string, reader: ValueReader): Value | undefined {
  return search(value, reader, (part) => part.name === name);
}

/** The first part of a type by its full name without generic arguments, wherever it is inside a value. */
export function searchType(value: Value, path: string, reader: ValueReader): Value | undefined {
  return search(value, reader, ({ type }) => pathOf(type) === path);
}

function search(
  value: Value,
  reader: ValueReader,
  isWanted: (part: NamedPart) => boolean,
): Value | undefined {
  const found = nearestPart(value.type, isWanted);
  return found && reader.part(value, found);
}
