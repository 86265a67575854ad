import type { Member, Type } from "./type";

/** A part of a value: where it begins in the whole, and what it is. */
export interface Part {
  /** In bytes from the start of the whole. */
  readonly offset: number;
  readonly type: Type;
}

/**
 * Follows member names into a type. Wrappers that hold one thing (`Cell`, `UnsafeCell`, `MaybeUninit`, `Mutex` of
 * critical-section, `Atomic`) need not be named: a name that is not a member of the type at hand is looked for in
 * what it wraps. Thus `memberAt(header, ["state"])`, then `["state", "state"]`, whatever cells are around it.
 *
 * Undefined if a name is not found, or only behind a pointer.
 */
export function memberAt(type: Type, path: readonly string[]): Part | undefined {
  let part: Part = { offset: 0, type };
  for (const name of path) {
    const next = findMember(part, name);
    if (next === undefined) return undefined;
    part = next;
  }
  return part;
}

/**
 * The one thing that a type holds once its wrappers are taken off: the pointer in `Atomic<*mut T>`, the `usize` in
 * `Mutex<Cell<usize>>`. The type itself if it holds several things, or none.
 */
export function unwrapped(type: Type): Part {
  let part: Part = { offset: 0, type };
  for (let depth = 0; depth < DEEPEST_WRAPPING; depth++) {
    const inner = onlyContent(part.type);
    if (inner === undefined) break;
    part = inside(part, inner);
  }
  return part;
}

const DEEPEST_WRAPPING = 32;

function findMember(whole: Part, name: string): Part | undefined {
  let part = whole;
  for (let depth = 0; depth < DEEPEST_WRAPPING; depth++) {
    const own = membersOf(part.type).find((member) => member.name === name);
    if (own) return inside(part, own);
    const inner = onlyContent(part.type);
    if (inner === undefined) return undefined;
    part = inside(part, inner);
  }
  return undefined;
}

function inside(whole: Part, { offset, type }: Member): Part {
  return { offset: whole.offset + offset, type };
}

/** The only member that takes space; of `MaybeUninit`, a union, the one that is not `()`. */
function onlyContent(type: Type): Member | undefined {
  const filled = membersOf(type).filter((member) => member.type.byteSize > 0);
  return filled.length === 1 ? filled[0] : undefined;
}

function membersOf(type: Type): readonly Member[] {
  return type.kind === "struct" || type.kind === "union" ? type.members : [];
}
