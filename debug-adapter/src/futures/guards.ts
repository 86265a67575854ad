import type { Type } from "../symbols/types/type";
import { searchMember } from "../values/formatters/search-member";
import type { ValueReader } from "../values/reader";
import { oncePerType } from "../values/once-per-type";
import { pathOf, withoutAliases } from "../values/type-words";
import type { Value } from "../values/value";
import { pointedValue } from "./pointed-future";

/** A lock that a saved guard refers to. */
export interface GuardedLock {
  readonly address: number;
  /** What the lock itself says: whether anybody holds it in the way that this guard would. */
  readonly isTaken: boolean | undefined;
  /** Whether there can only be one such guard. */
  readonly isExclusive: boolean;
  /** Whether nobody can wait for the lock: who meets it taken panics, or gets an error. */
  readonly isBlocking: boolean;
}

interface GuardKind {
  readonly type: string;
  readonly isShared?: true;
  readonly isBlocking?: true;
  /** Names of members that lead to the lock's own state. */
  readonly path: readonly string[];
  isTaken(lock: Value, reader: ValueReader): boolean | undefined;
}

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
    isBlocking: true,
    path: ["borrow", "borrow"],
    isTaken: borrow((count) => count > 0n),
  },
  {
    type: "core::cell::RefMut",
    isBlocking: true,
    path: ["borrow", "borrow"],
    isTaken: borrow((count) => count < 0n),
  },
];

/** Guards lie in options, tuples and structs of the user's. */
const DEEPEST = 4;

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
    isTaken: kind.isTaken(lock, reader),
    isExclusive: kind.isShared !== true,
    isBlocking: kind.isBlocking === true,
  };
}

/** What is known of a type whose values are guards of a lock; undefined for any other type. */
export function guardType(type: Type): { readonly path: string; readonly isBlocking: boolean } | undefined {
  const kind = guardKind(type);
  return kind && { path: kind.type, isBlocking: kind.isBlocking === true };
}

/** Whether values of a type are guards of a lock. */
export function isGuard(value: Value): boolean {
  return guardKind(value.type) !== undefined;
}

/** The locks that a value holds guards of, at any depth in place. */
export function locksHeldIn(value: Value, reader: ValueReader): GuardedLock[] {
  return mayContainGuard(value.type) ? locksIn(value, reader, DEEPEST) : [];
}

/** Whether a guard may lie in values of a type. */
const mayContainGuard = oncePerType((type) => containsGuard(type, () => true, DEEPEST));

/** The same for guards of locks that nobody can wait for. */
export const mayContainBlockingGuard = oncePerType((type) =>
  containsGuard(type, ({ isBlocking }) => isBlocking === true, DEEPEST),
);

function containsGuard(outer: Type, isWanted: (kind: GuardKind) => boolean, depth: number): boolean {
  const kind = guardKind(outer);
  if (kind !== undefined) return isWanted(kind);
  const type = withoutAliases(outer);
  if (depth === 0) return false;
  const contains = (part: Type) => containsGuard(part, isWanted, depth - 1);
  if (type.kind === "struct") return type.members.some((member) => contains(member.type));
  return type.kind === "enum" && type.variants.some(({ payload }) => contains(payload.type));
}

function locksIn(value: Value, reader: ValueReader, depth: number): GuardedLock[] {
  const own = lockOfGuard(value, reader);
  if (own !== undefined) return [own];
  if (depth === 0) return [];
  const type = withoutAliases(value.type);
  if (type.kind === "struct") {
    return type.members
      .filter((member) => member.type.byteSize > 0)
      .flatMap((member) => locksIn(reader.part(value, member), reader, depth - 1));
  }
  if (type.kind !== "enum" || reader.symbols.coroutineOf(type) !== undefined) return [];
  const active = reader.activeVariant(value, type);
  return active.kind === "variant"
    ? locksIn(reader.part(value, active.variant.payload), reader, depth - 1)
    : [];
}

function isSet(member: string) {
  return (lock: Value, reader: ValueReader): boolean | undefined => {
    const number = reader.unsigned(searchMember(lock, member, reader));
    return number === undefined ? undefined : number !== 0n;
  };
}

function borrow(isTaken: (count: bigint) => boolean) {
  return (cell: Value, reader: ValueReader): boolean | undefined => {
    const number = reader.unsigned(cell);
    if (number === undefined) return undefined;
    return isTaken(BigInt.asIntN(8 * reader.unwrapped(cell).type.byteSize, number));
  };
}
