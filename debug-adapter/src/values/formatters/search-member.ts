import { type NamedPart, nearestPart } from "../../symbols/types/nearest-part";
import { oncePerType } from "../once-per-type";
import type { ValueReader } from "../reader";
import { pathOf } from "../type-words";
import type { Value } from "../value";

/** By what is searched for: where it is in a type. */
type FoundParts = Map<string, NamedPart | undefined>;

const membersOf = oncePerType((): FoundParts => new Map());
const typesOf = oncePerType((): FoundParts => new Map());

/** A member of a name, wherever it is inside a value: those that are less deep come first. */
export function searchMember(value: Value, name: string, reader: ValueReader): Value | undefined {
  return search(value, name, reader, {
    known: membersOf(value.type),
    isWanted: (part) => part.name === name,
  });
}

/** The first part of a type by its full name without generic arguments, wherever it is inside a value. */
export function searchType(value: Value, path: string, reader: ValueReader): Value | undefined {
  const isWanted = ({ type }: NamedPart) => pathOf(type) === path;
  return search(value, path, reader, { known: typesOf(value.type), isWanted });
}

function search(
  value: Value,
  wanted: string,
  reader: ValueReader,
  { known, isWanted }: { readonly known: FoundParts; readonly isWanted: (part: NamedPart) => boolean },
): Value | undefined {
  if (!known.has(wanted)) known.set(wanted, nearestPart(value.type, isWanted));
  const found = known.get(wanted);
  return found && reader.part(value, found);
}
