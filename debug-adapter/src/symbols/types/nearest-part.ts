import type { Part } from "./member-access";
import type { Type } from "./type";

/** Locks around cells around states: deeper nesting than any library has. */
const DEEPEST = 8;

/** A level of more members than this is no wrapper. */
const MOST_MEMBERS = 64;

/** Chains of names for types are short; one that refers to itself is broken. */
const MOST_ALIASES = 16;

export interface NamedPart extends Part {
  readonly name: string;
}

/**
 * The first part that is wanted, wherever it is inside a type: those that are less deep come first. Libraries wrap their
 * state in locks and cells, which differ from version to version; the name of what matters stays.
 */
export function nearestPart(type: Type, isWanted: (part: NamedPart) => boolean): NamedPart | undefined {
  let level: NamedPart[] = [{ name: "", offset: 0, type }];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    level = level.flatMap(({ offset, type: outer }) =>
      membersOf(outer).map((member) => ({
        name: member.name,
        offset: offset + member.offset,
        type: member.type,
      })),
    );
    const found = level.find(isWanted);
    if (found !== undefined) return found;
    if (level.length > MOST_MEMBERS) return undefined;
  }
  return undefined;
}

function membersOf(type: Type) {
  let bare = type;
  for (let i = 0; i < MOST_ALIASES && bare.kind === "alias"; i++) bare = bare.target;
  return bare.kind === "struct" || bare.kind === "union" ? bare.members : [];
}
