import { counted } from "../../base/counted";
import { searchMember } from "../../values/formatters/search-member";
import type { ValueReader } from "../../values/reader";
import type { Value } from "../../values/value";
import { findObject } from "../find-object";
import { pointedValue } from "../pointed-future";
import { objectWords, plainWait, type Wait, type WaitKind, waitObject, type WaitObject } from "../wait";
import type { LeafContext, LeafFuture } from "./leaf";

/** `Mutex::lock` of embassy-sync. */
export const mutexLeaf: LeafFuture = {
  matches: /^embassy_sync::mutex::lock$/,
  describe(context) {
    const lock = lockOf(context, "mutex", ["embassy_sync::mutex::Mutex"]);
    const locked = lock && flag(lock.value, "locked", context);
    if (lock === undefined || locked === undefined) return undefined;
    return lockWait(lock, locked ? "held" : undefined, context);
  },
};

/** `RwLock::read` and `RwLock::write`. */
export const rwLockLeaf: LeafFuture = {
  matches: /^embassy_sync::rwlock::(?:read|write)$/,
  describe(context, key) {
    const lock = lockOf(context, "rwlock", ["embassy_sync::rwlock::RwLock"]);
    if (lock === undefined) return undefined;
    const { reader } = context;
    const isWritten = flag(lock.value, "writer", context);
    const readers = reader.count(searchMember(lock.value, "readers", reader));
    if (isWritten === undefined || readers === undefined) return undefined;
    const isBlocked = isWritten || (key.endsWith("::write") && readers > 0);
    return lockWait(lock, isBlocked ? (isWritten ? "written" : "read") : undefined, context);
  },
};

/** `acquire` and `acquire_all` of both of embassy-sync's semaphores. */
export const semaphoreLeaf: LeafFuture = {
  matches: /^embassy_sync::semaphore::(?:acquire|acquire_all|FairAcquire\w*)$/,
  describe(context) {
    const { reader, value } = context;
    const types = ["embassy_sync::semaphore::GreedySemaphore", "embassy_sync::semaphore::FairSemaphore"];
    const lock = lockOf(context, "semaphore", types);
    const free = lock && reader.count(searchMember(lock.value, "permits", reader));
    if (lock === undefined || free === undefined) return undefined;
    const heldBy = context.holdersOf(lock.object.address);
    const wanted = numberIn(value, "permits", reader);
    const least = numberIn(value, "min", reader);
    const request =
      wanted !== undefined
        ? `${counted(wanted, "permit")} wanted, `
        : least !== undefined
          ? `at least ${counted(least, "permit")} wanted, `
          : "";
    const held = heldBy.length === 0 ? "" : `, the others held${by(heldBy, context)}`;
    return {
      ...plainWait("semaphore", `semaphore ${lock.words}: ${request}${free} free${held}`),
      object: lock.object,
      heldBy,
    };
  },
};

/** A number that a future keeps, or has captured by reference. */
function numberIn(value: Value, name: string, reader: ValueReader): number | undefined {
  const found = searchMember(value, name, reader) ?? searchMember(value, `_ref__${name}`, reader);
  const number = found && pointedValue(found, reader);
  return number && reader.count(number);
}

interface Lock {
  readonly kind: WaitKind;
  readonly value: Value;
  readonly object: WaitObject;
  readonly words: string;
}

function lockOf({ value, reader }: LeafContext, kind: WaitKind, types: readonly string[]): Lock | undefined {
  const found = findObject(value, types, reader);
  const address = found && reader.addressOf(found);
  if (found === undefined || address === undefined) return undefined;
  const object = waitObject(address, reader.symbols);
  return { kind, value: found, object, words: objectWords(object, reader.symbols) };
}

function lockWait({ kind, object, words }: Lock, held: string | undefined, context: LeafContext): Wait {
  const heldBy = held === undefined ? [] : context.holdersOf(object.address);
  const state =
    held === undefined
      ? "is free"
      : heldBy.length === 0
        ? `is ${held === "held" ? "held" : `being ${held}`}, by whom is not known`
        : `${held === "held" ? "held" : `being ${held}`}${by(heldBy, context, held === "read" ? "and" : "or")}`;
  return { ...plainWait(kind, `${kind} ${words} ${state}`), object, heldBy };
}

/**
 * Only one can hold a mutex or write. Where several tasks keep a guard, all but one are bytes that were left behind, and
 * nothing tells which.
 */
function by(holders: readonly string[], { task }: LeafContext, between = "and"): string {
  if (holders.length === 0) return "";
  return ` by ${holders.map((each) => (each === task ? `${each} itself` : each)).join(` ${between} `)}`;
}

function flag(value: Value, name: string, { reader }: LeafContext): boolean | undefined {
  const found = searchMember(value, name, reader);
  const scalar = found && reader.scalar(found);
  return scalar?.kind === "bool" ? scalar.value : undefined;
}
