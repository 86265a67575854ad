/** One spelling for what several paths name: `core`, `alloc` and `std`, re-exports of the libraries that rules know. */
export function canonicalPath(path: string): string {
  let canonical = path.replace(/^(?:core|alloc)::/, "std::");
  for (const [from, to] of REEXPORTS) {
    if (canonical.startsWith(from)) canonical = to + canonical.slice(from.length);
  }
  return canonical;
}

const REEXPORTS: readonly (readonly [string, string])[] = [
  ["futures_util::", "futures::"],
  ["futures_lite::future::", "futures::future::"],
  ["spin::mutex::", "spin::"],
  ["spin::rwlock::", "spin::"],
  ["spin::lazy::", "spin::"],
  ["std::sync::nonpoison::", "std::sync::"],
  ["std::sync::poison::", "std::sync::"],
  ["std::prelude::v1::", "std::"],
  ["std::thread::local::", "std::thread::"],
  ["embassy_futures::yield_now::", "embassy_futures::"],
  ["smol::Timer", "async_io::Timer"],
  ["tokio::time::sleep::", "tokio::time::"],
];

/** Names that every module knows without a `use`. */
export const PRELUDE: ReadonlyMap<string, string> = new Map([
  ["Option", "std::option::Option"],
  ["Some", "std::option::Option::Some"],
  ["None", "std::option::Option::None"],
  ["Result", "std::result::Result"],
  ["Ok", "std::result::Result::Ok"],
  ["Err", "std::result::Result::Err"],
  ["Vec", "std::vec::Vec"],
  ["Box", "std::boxed::Box"],
  ["String", "std::string::String"],
  ["drop", "std::mem::drop"],
  ["Future", "std::future::Future"],
  ["IntoFuture", "std::future::IntoFuture"],
]);

/** What a glob import of a module of a library brings, of the names that rules know. */
const GLOBS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "std::sync",
    [
      "Mutex",
      "RwLock",
      "MutexGuard",
      "RwLockReadGuard",
      "RwLockWriteGuard",
      "Arc",
      "Condvar",
      "LazyLock",
      "mpsc",
    ],
  ],
  ["std::cell", ["RefCell", "Ref", "RefMut", "Cell", "LazyCell"]],
  ["std::rc", ["Rc"]],
  ["std::thread", ["sleep", "spawn", "JoinHandle", "park"]],
  ["std::time", ["Duration", "Instant"]],
  ["std::fs", ["File", "read", "write", "read_to_string"]],
  ["parking_lot", ["Mutex", "RwLock", "MutexGuard", "RwLockReadGuard", "RwLockWriteGuard", "ReentrantMutex"]],
  ["spin", ["Mutex", "RwLock", "MutexGuard"]],
  [
    "tokio::sync",
    [
      "Mutex",
      "RwLock",
      "MutexGuard",
      "RwLockReadGuard",
      "RwLockWriteGuard",
      "mpsc",
      "oneshot",
      "broadcast",
      "watch",
      "Notify",
      "Semaphore",
    ],
  ],
  ["tokio::time", ["sleep", "sleep_until", "timeout", "interval", "Duration", "Instant"]],
  ["embassy_time", ["Timer", "Duration", "Instant", "Ticker", "Delay", "block_for"]],
  ["embassy_sync::mutex", ["Mutex", "MutexGuard"]],
  ["embassy_futures", ["yield_now", "block_on", "select", "join"]],
  [
    "embassy_futures::select",
    ["select", "select3", "select4", "select_array", "select_slice", "Either", "Either3", "Either4"],
  ],
  ["embassy_futures::join", ["join", "join3", "join4", "join_array"]],
  ["futures::lock", ["Mutex", "MutexGuard"]],
]);

/** The path that a name has by a glob import of a library's module. */
export function byGlob(module: string, name: string): string | undefined {
  return GLOBS.get(canonicalPath(`${module}::`).replace(/::$/, ""))?.includes(name) === true
    ? canonicalPath(`${module}::${name}`)
    : undefined;
}
