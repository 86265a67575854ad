import type { Type } from "../symbols/types/type";
import { searchMember } from "../values/formatters/search-member";
import type { ValueReader } from "../values/reader";
import { oncePerType } from "../values/once-per-type";
import { pathOf, withoutAliases } from "../values/type-words";
import type { Value } from "../values/value";
import type { GuardedLock } from "./guarded-lock";
import { lockOfListed } from "./listed-guards";
import { pointedValue } from "./pointed-future";

interface GuardKind {
  readonly type: string;
  readonly isShared?: true;
  /** What a lock is called that tasks cannot wait for. */
  readonly lockWords?: string;
  /** Names of members that lead to the lock's own state. */
  readonly path: readonly string[];
  isTaken(lock: Value, reader: ValueReader): boolean | undefined;
}

const REF_CELL = "RefCell";
const SPIN = "spin lock";
const BLOCKING = "blocking lock";

/** What a `RefCell` does to who meets it taken; all other locks that nobody can wait for block. */
const FAILING = new Set([REF_CELL]);

const GUARDS: readonly GuardKind[] = [
  { type: "embassy_sync::mutex::MutexGuard", path: ["mutex"], isTaken: isSet("locked") },
  { type: "embassy_sync::mutex::MappedMutexGuard", path: ["state"], isTaken: isSet("locked") },
  {
    type: "embassy_sync::rwlock::RwLockReadGuard",
    isShared: true,
    path: ["rwlock"],
    isTaken: isSet("readers"),
  },
  { type: "embassy_sync::rwlock::RwLockWriteGuard", path: ["rwlock"], isTaken: isSet("writer") },
  {
    type: "embassy_sync::semaphore::SemaphoreReleaser",
    isShared: true,
    path: ["semaphore"],
    isTaken: () => undefined,
  },
  // A RefCell counts its readers upwards and its writer downwards from 0.
  {
    type: "core::cell::Ref",
    isShared: true,
    lockWords: REF_CELL,
    path: ["borrow", "borrow"],
    isTaken: borrow((count) => count > 0n),
  },
  {
    type: "core::cell::RefMut",
    lockWords: REF_CELL,
    path: ["borrow", "borrow"],
    isTaken: borrow((count) => count < 0n),
  },
  // `spin`: its MutexGuard wraps this one. A writer sets the lowest bit of its RwLock, each reader adds 4.
  { type: "spin::mutex::spin::SpinMutexGuard", lockWords: SPIN, path: ["lock"], isTaken: isSet("") },
  {
    type: "spin::rwlock::RwLockReadGuard",
    isShared: true,
    lockWords: SPIN,
    path: ["lock"],
    isTaken: bits("", (word) => word >= 4n),
  },
  {
    type: "spin::rwlock::RwLockWriteGuard",
    lockWords: SPIN,
    path: ["inner"],
    isTaken: bits("lock", (word) => (word & 1n) !== 0n),
  },
  // What parking_lot and others build on; the state of their raw locks is 0 while nobody holds them.
  { type: "lock_api::mutex::MutexGuard", lockWords: BLOCKING, path: ["mutex"], isTaken: hasBits("raw") },
  {
    type: "lock_api::rwlock::RwLockReadGuard",
    isShared: true,
    lockWords: BLOCKING,
    path: ["rwlock"],
    isTaken: hasBits("raw"),
  },
  {
    type: "lock_api::rwlock::RwLockWriteGuard",
    lockWords: BLOCKING,
    path: ["rwlock"],
    isTaken: hasBits("raw"),
  },
  // std has moved them once; its locks are 0 while nobody holds them.
  ...["std::sync::mutex", "std::sync::poison::mutex"].map((module) => ({
    type: `${module}::MutexGuard`,
    lockWords: BLOCKING,
    path: ["lock"],
    isTaken: hasBits("inner"),
  })),
  ...["std::sync::rwlock", "std::sync::poison::rwlock"].flatMap((module) => [
    {
      type: `${module}::RwLockReadGuard`,
      isShared: true as const,
      lockWords: BLOCKING,
      path: ["inner_lock"],
      isTaken: () => undefined,
    },
    { type: `${module}::RwLockWriteGuard`, lockWords: BLOCKING, path: ["lock"], isTaken: hasBits("inner") },
  ]),
];

/** Guards lie in options, tuples and structs of the user's. */
const DEEPEST = 4;

/** Elements of an array that are looked at. */
const MOST_ELEMENTS = 16;

const guardKind = oncePerType((type) => GUARDS.find((each) => each.type === pathOf(type)));

/** The lock that a value is the guard of; undefined for any other value, and where the memory makes no sense. */
export function lockOfGuard(value: Value, reader: ValueReader): GuardedLock | undefined {
  const kind = guardKind(value.type);
  const reference = kind && reader.member(value, ...kind.path);
  const lock = reference && pointedValue(reference, reader);
  const address = lock && lock !== reference ? reader.addressOf(lock) : undefined;
  if (kind === undefined || lock === undefined || address === undefined) return undefined;
  return {
    address,
    byteSize: lock.type.byteSize,
    isTaken: kind.isTaken(lock, reader),
    isExclusive: kind.isShared !== true,
    ...meetingOf(kind),
  };
}

function meetingOf({ lockWords }: GuardKind): Pick<GuardedLock, "meeting" | "lockWords"> {
  if (lockWords === undefined) return { meeting: "waits", lockWords: "async lock" };
  return { meeting: FAILING.has(lockWords) ? "fails" : "blocks", lockWords };
}

/** What is known of a type whose values are guards of a lock; undefined for any other type. */
export function guardType(type: Type): { readonly path: string; readonly isBlocking: boolean } | undefined {
  const kind = guardKind(type);
  return kind && { path: kind.type, isBlocking: kind.lockWords !== undefined };
}

/** Whether values of a type are guards of a lock. */
export function isGuard(value: Value): boolean {
  return guardKind(value.type) !== undefined;
}

/**
 * The locks that a value holds guards of, at any depth in place or in a box.
 * @param listed full names of types that are guards, too, as their program says
 */
export function locksHeldIn(
  value: Value,
  reader: ValueReader,
  listed: readonly string[] = [],
): GuardedLock[] {
  const mayBeListed = listed.length > 0 && mayContainListed(value.type, listed);
  return mayContainGuard(value.type) || mayBeListed ? locksIn(value, { reader, listed }, DEEPEST) : [];
}

/** Whether a guard may lie in values of a type. */
export const mayContainGuard = oncePerType((type) => contains(type, isGuardType, DEEPEST));

/** The same for types that the user calls guards. */
export function mayContainListed(type: Type, listed: readonly string[]): boolean {
  return contains(type, (each) => listed.includes(pathOf(each)), DEEPEST);
}

function isGuardType(type: Type): boolean {
  return guardKind(type) !== undefined;
}

function contains(outer: Type, isWanted: (type: Type) => boolean, depth: number): boolean {
  if (isWanted(outer)) return true;
  const type = withoutAliases(outer);
  if (depth === 0) return false;
  const inside = (part: Type) => contains(part, isWanted, depth - 1);
  switch (type.kind) {
    case "struct":
      return type.members.some((member) => inside(member.type));
    case "enum":
      return type.variants.some(({ payload }) => inside(payload.type));
    case "array":
      return inside(type.element);
    case "pointer":
      return isBox(type) && inside(type.target);
    default:
      return false;
  }
}

/** A box owns what it points to. */
function isBox({ name }: Type): boolean {
  return name.startsWith("alloc::boxed::Box<");
}

interface Search {
  readonly reader: ValueReader;
  readonly listed: readonly string[];
}

function locksIn(value: Value, search: Search, depth: number): GuardedLock[] {
  const { reader, listed } = search;
  const own = lockOfGuard(value, reader) ?? lockOfListed(value, reader, listed);
  if (own !== undefined) return [own];
  return depth === 0 ? [] : partsOf(value, reader).flatMap((part) => locksIn(part, search, depth - 1));
}

function partsOf(value: Value, reader: ValueReader): Value[] {
  const type = withoutAliases(value.type);
  switch (type.kind) {
    case "struct":
      return type.members
        .filter((member) => member.type.byteSize > 0)
        .map((member) => reader.part(value, member));
    case "array":
      return Array.from({ length: Math.min(type.length, MOST_ELEMENTS) }, (_, i) =>
        reader.element(value, type, i),
      );
    case "pointer": {
      const target = isBox(type) ? pointedValue(value, reader) : undefined;
      return target === undefined || target === value ? [] : [target];
    }
    case "enum": {
      if (reader.symbols.coroutineOf(type) !== undefined) return [];
      const active = reader.activeVariant(value, type);
      return active.kind === "variant" ? [reader.part(value, active.variant.payload)] : [];
    }
    default:
      return [];
  }
}

/** Whether a member of the lock is not 0; "" for the lock itself. */
function isSet(member: string) {
  return bits(member, (word) => word !== 0n);
}

function bits(member: string, isTaken: (word: bigint) => boolean) {
  return (lock: Value, reader: ValueReader): boolean | undefined => {
    const word = reader.unsigned(member === "" ? lock : searchMember(lock, member, reader));
    return word === undefined ? undefined : isTaken(word);
  };
}

/** Whether any byte of a member is not 0, whatever it is made of. */
function hasBits(member: string) {
  return (lock: Value, reader: ValueReader): boolean | undefined => {
    const state = reader.member(lock, member);
    const bytes = state && reader.bytes(state);
    return bytes?.kind === "bytes" ? bytes.bytes.some((byte) => byte !== 0) : undefined;
  };
}

function borrow(isTaken: (count: bigint) => boolean) {
  return (cell: Value, reader: ValueReader): boolean | undefined => {
    const number = reader.unsigned(cell);
    if (number === undefined) return undefined;
    return isTaken(BigInt.asIntN(8 * reader.unwrapped(cell).type.byteSize, number));
  };
}
