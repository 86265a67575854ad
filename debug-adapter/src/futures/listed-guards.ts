import { pathOf, withoutAliases } from "../values/type-words";
import type { ValueReader } from "../values/reader";
import type { Value } from "../values/value";
import type { GuardedLock } from "./guarded-lock";
import { pointedValue } from "./pointed-future";

/** Structs in structs of a lock that are searched for its state. */
const DEEPEST = 4;

/** What a lock keeps its state in, by the full names of the types. */
const STATE = /^(?:core::sync::atomic::|portable_atomic::|core::cell::Cell$)/;

/** What a lock keeps the value in that it guards: no part of its state. */
const CONTENT = "core::cell::UnsafeCell";

/**
 * The lock of a guard whose type the user has listed, and nothing is known of: what its first reference leads to. Its
 * state are its atomics, cells and booleans; a lock of which all are 0 is free.
 * @param listed full names of types without generic arguments
 */
export function lockOfListed(
  value: Value,
  reader: ValueReader,
  listed: readonly string[],
): GuardedLock | undefined {
  if (!listed.includes(pathOf(value.type))) return undefined;
  const type = withoutAliases(value.type);
  const members = type.kind === "struct" ? type.members : [];
  for (const member of members) {
    const part = reader.part(value, member);
    const lock = pointedValue(part, reader);
    const address = lock && lock !== part ? reader.addressOf(lock) : undefined;
    if (lock === undefined || address === undefined) continue;
    const words = stateWords(lock, reader, DEEPEST);
    const isTaken = words.length === 0 ? undefined : words.some((word) => word !== 0n);
    const { byteSize } = lock.type;
    return { address, byteSize, isTaken, isExclusive: true, meeting: "blocks", lockWords: "lock" };
  }
  return undefined;
}

function stateWords(value: Value, reader: ValueReader, depth: number): bigint[] {
  const type = withoutAliases(value.type);
  const isState = STATE.test(pathOf(type)) || (type.kind === "base" && type.encoding === "boolean");
  if (isState) {
    const word = reader.unsigned(value);
    return word === undefined ? [] : [word];
  }
  if (depth === 0 || type.kind !== "struct" || pathOf(type) === CONTENT) return [];
  return type.members.flatMap((member) => stateWords(reader.part(value, member), reader, depth - 1));
}
