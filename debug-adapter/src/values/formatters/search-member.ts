import type { Part } from "../../symbols/types/member-access";
import type { Type } from "../../symbols/types/type";
import type { ValueReader } from "../reader";
import { pathOf, withoutAliases } from "../type-words";
import type { Value } from "../value";

/** Locks around cells around states: deeper nesting than any library has. */
const DEEPEST = 8;

/**
 * A member of a name, wherever it is inside a value: those that are less deep come first. Libraries wrap their state
 * in locks and cells, which differ from version to version; the name of what matters stays.
 */
export function searchMember(value: Value, name: string, reader: ValueReader): Value | undefined {
  return search(value, reader, (part) => part.name === name);
}

/** The first part of a type by its full name without generic arguments, wherever it is inside a value. */
export function searchType(value: Value, path: string, reader: ValueReader): Value | undefined {
  return search(value, reader, ({ type }) => pathOf(type) === path);
}

interface NamedPart extends Part {
  readonly name: string;
}

function search(
  value: Value,
  reader: ValueReader,
  isWanted: (part: NamedPart) => boolean,
): Value | undefined {
  let level: NamedPart[] = [{ name: "", offset: 0, type: value.type }];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    level = level.flatMap(({ offset, type }) =>
      membersOf(type).map((member) => ({
        name: member.name,
        offset: offset + member.offset,
        type: member.type,
      })),
    );
    const found = level.find(isWanted);
    if (found !== undefined) return reader.part(value, found);
    if (level.length > MOST_MEMBERS) return undefined;
  }
  return undefined;
}

/** A level of more members than this is no wrapper. */
const MOST_MEMBERS = 64;

function membersOf(type: Type) {
  const bare = withoutAliases(type);
  return bare.kind === "struct" || bare.kind === "union" ? bare.members : [];
}
