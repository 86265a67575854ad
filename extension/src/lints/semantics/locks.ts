import { OPTION, RESULT, type Type, UNKNOWN, argument, futureOf, pathType } from "./type";

/** Who is stopped by a lock that is held: a thread, or a borrow that panics, or only the tasks that await it. */
export type GuardKind = "blocking" | "borrow" | "critical-section" | "async";

export interface GuardType {
  readonly kind: GuardKind;
  /** As a person writes it: `std::sync::MutexGuard`. */
  readonly name: string;
}

type Shape = "guard" | "option" | "result" | "future";

interface LockMethod {
  readonly guard: string;
  readonly shape: Shape;
}

const guards = new Map<string, GuardType>();
const methods = new Map<string, LockMethod>();

function guard(kind: GuardKind, paths: string): void {
  for (const path of paths.split(" "))
    guards.set(path, { kind, name: path.replace(/^std::cell/, "core::cell") });
}

/** `lock` of all the listed types: `Mutex.lock -> MutexGuard`, with what is around the guard. */
function lock(lockPaths: string, names: string, guardPath: string, shape: Shape): void {
  for (const path of lockPaths.split(" ")) {
    for (const name of names.split(" ")) methods.set(`${path}.${name}`, { guard: guardPath, shape });
  }
}

guard(
  "blocking",
  "std::sync::MutexGuard std::sync::RwLockReadGuard std::sync::RwLockWriteGuard std::sync::ReentrantLockGuard",
);
guard(
  "blocking",
  "std::sync::MappedMutexGuard std::sync::MappedRwLockReadGuard std::sync::MappedRwLockWriteGuard",
);
lock("std::sync::Mutex", "lock try_lock", "std::sync::MutexGuard", "result");
lock("std::sync::RwLock", "read try_read", "std::sync::RwLockReadGuard", "result");
lock("std::sync::RwLock", "write try_write", "std::sync::RwLockWriteGuard", "result");
lock("std::sync::ReentrantLock", "lock", "std::sync::ReentrantLockGuard", "guard");

for (const library of ["parking_lot", "spin"]) {
  guard("blocking", `${library}::MutexGuard ${library}::RwLockReadGuard ${library}::RwLockWriteGuard`);
  lock(`${library}::Mutex ${library}::FairMutex`, "lock", `${library}::MutexGuard`, "guard");
  lock(`${library}::Mutex ${library}::FairMutex`, "try_lock", `${library}::MutexGuard`, "option");
  lock(`${library}::RwLock`, "read", `${library}::RwLockReadGuard`, "guard");
  lock(`${library}::RwLock`, "try_read", `${library}::RwLockReadGuard`, "option");
  lock(`${library}::RwLock`, "write", `${library}::RwLockWriteGuard`, "guard");
  lock(`${library}::RwLock`, "try_write", `${library}::RwLockWriteGuard`, "option");
}
guard(
  "blocking",
  "parking_lot::MappedMutexGuard parking_lot::MappedRwLockReadGuard parking_lot::MappedRwLockWriteGuard",
);
guard(
  "blocking",
  "parking_lot::RwLockUpgradableReadGuard parking_lot::ReentrantMutexGuard parking_lot::ArcMutexGuard",
);
guard("blocking", "spin::RwLockUpgradableGuard");
lock("parking_lot::RwLock", "upgradable_read", "parking_lot::RwLockUpgradableReadGuard", "guard");
lock("parking_lot::ReentrantMutex", "lock", "parking_lot::ReentrantMutexGuard", "guard");
lock("parking_lot::Mutex", "lock_arc", "parking_lot::ArcMutexGuard", "guard");
lock("parking_lot::Mutex", "try_lock_for try_lock_until", "parking_lot::MutexGuard", "option");
lock("spin::RwLock", "upgradeable_read", "spin::RwLockUpgradableGuard", "guard");

guard("borrow", "std::cell::Ref std::cell::RefMut");
lock("std::cell::RefCell", "borrow", "std::cell::Ref", "guard");
lock("std::cell::RefCell", "try_borrow", "std::cell::Ref", "result");
lock("std::cell::RefCell", "borrow_mut", "std::cell::RefMut", "guard");
lock("std::cell::RefCell", "try_borrow_mut", "std::cell::RefMut", "result");
lock("critical_section::Mutex", "borrow_ref", "std::cell::Ref", "guard");
lock("critical_section::Mutex", "borrow_ref_mut", "std::cell::RefMut", "guard");

guard("critical-section", "critical_section::RestoreState");

for (const library of ["tokio::sync", "futures::lock", "async_lock", "async_std::sync", "smol::lock"]) {
  guard("async", `${library}::MutexGuard ${library}::OwnedMutexGuard ${library}::MutexGuardArc`);
  guard("async", `${library}::RwLockReadGuard ${library}::RwLockWriteGuard`);
  lock(`${library}::Mutex`, "lock", `${library}::MutexGuard`, "future");
  lock(`${library}::Mutex`, "lock_owned", `${library}::OwnedMutexGuard`, "future");
  lock(`${library}::Mutex`, "lock_arc", `${library}::MutexGuardArc`, "future");
  lock(`${library}::RwLock`, "read", `${library}::RwLockReadGuard`, "future");
  lock(`${library}::RwLock`, "write", `${library}::RwLockWriteGuard`, "future");
  lock(
    `${library}::Mutex`,
    "try_lock",
    `${library}::MutexGuard`,
    library === "tokio::sync" ? "result" : "option",
  );
}
lock("tokio::sync::Mutex", "blocking_lock", "tokio::sync::MutexGuard", "guard");
lock("tokio::sync::RwLock", "blocking_read", "tokio::sync::RwLockReadGuard", "guard");
lock("tokio::sync::RwLock", "blocking_write", "tokio::sync::RwLockWriteGuard", "guard");
guard(
  "async",
  "embassy_sync::mutex::MutexGuard embassy_sync::rwlock::RwLockReadGuard embassy_sync::rwlock::RwLockWriteGuard",
);
lock("embassy_sync::mutex::Mutex", "lock", "embassy_sync::mutex::MutexGuard", "future");
lock("embassy_sync::mutex::Mutex", "try_lock", "embassy_sync::mutex::MutexGuard", "result");
lock("embassy_sync::rwlock::RwLock", "read", "embassy_sync::rwlock::RwLockReadGuard", "future");
lock("embassy_sync::rwlock::RwLock", "write", "embassy_sync::rwlock::RwLockWriteGuard", "future");

export function isLockPath(path: string): boolean {
  return LOCKS.has(path);
}

const LOCKS = new Set([...methods.keys()].map((key) => key.slice(0, key.lastIndexOf("."))));

/** The guard that a type is, not what it contains. */
export function guardType(type: Type): GuardType | undefined {
  return type.kind === "path" ? guards.get(type.path) : undefined;
}

/** What is behind a guard; undefined if the type is none. The last argument: embassy's first is the raw mutex. */
export function guarded(type: Type): Type | undefined {
  if (type.kind !== "path" || !guards.has(type.path)) return undefined;
  return type.args.at(-1) ?? UNKNOWN;
}

/** What a method of a lock gives; undefined if it is none that takes the lock. */
export function lockedBy(receiver: Type, method: string): Type | undefined {
  if (receiver.kind !== "path") return undefined;
  const found = methods.get(`${receiver.path}.${method}`);
  if (found === undefined) return undefined;
  const inner = receiver.args.at(-1) ?? UNKNOWN;
  // `critical_section::Mutex<RefCell<T>>::borrow_ref` gives a `Ref<T>`.
  const held = receiver.path === "critical_section::Mutex" ? argument(inner, 0) : inner;
  const type = pathType(found.guard, held);
  switch (found.shape) {
    case "guard":
      return type;
    case "option":
      return pathType(OPTION, type);
    case "result":
      return pathType(RESULT, type, UNKNOWN);
    case "future":
      return futureOf(type, `${receiver.path}::${method}`);
  }
}
