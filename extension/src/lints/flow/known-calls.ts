import {
  OPTION,
  RESULT,
  type Type,
  UNIT,
  UNKNOWN,
  argument,
  futureOf,
  pathType,
  peeled,
} from "../semantics/type";
import { lastSegment } from "../semantics/imports";
import { isLockPath, lockedBy } from "../semantics/locks";

/** What functions of libraries return, as far as rules need it; undefined for others. */
export function libraryCall(path: string, args: readonly Type[]): Type | undefined {
  const first = args[0] ?? UNKNOWN;
  switch (path) {
    case `${OPTION}::Some`:
      return pathType(OPTION, first);
    case `${RESULT}::Ok`:
      return pathType(RESULT, first, UNKNOWN);
    case `${RESULT}::Err`:
      return pathType(RESULT, UNKNOWN, first);
    case "std::mem::drop":
    case "std::mem::forget":
      return UNIT;
    case "critical_section::acquire":
      return pathType("critical_section::RestoreState");
    case "std::cell::Ref::map":
    case "std::cell::RefMut::map":
    case "std::cell::Ref::clone":
      return pathType(path.slice(0, path.lastIndexOf("::")));
    case "parking_lot::RwLockWriteGuard::downgrade":
    case "tokio::sync::RwLockWriteGuard::downgrade":
      return pathType(path.replace("WriteGuard::downgrade", "ReadGuard"), argument(first, 0));
    case "std::sync::Arc::clone":
    case "std::rc::Rc::clone":
      return first.kind === "ref" ? first.to : UNKNOWN;
    default:
  }
  if (FUTURES.has(path)) return futureOf(FUTURES.get(path)!, path);
  const mapped =
    /^(parking_lot|std::sync)::(MutexGuard|RwLockReadGuard|RwLockWriteGuard)::(?:try_)?map$/.exec(path);
  if (mapped !== null) return pathType(`${mapped[1]!}::Mapped${mapped[2]!}`);
  return constructed(path, args);
}

/** `Mutex::new(0)`, `Arc::new(…)`; and `Mutex::lock(&m)`. */
function constructed(path: string, args: readonly Type[]): Type | undefined {
  const cut = path.lastIndexOf("::");
  const owner = path.slice(0, cut);
  const name = path.slice(cut + 2);
  const first = args[0] ?? UNKNOWN;
  if (isLockPath(owner)) {
    if (name === "new" || name === "const_new" || name === "from") return pathType(owner, first);
    return lockedBy(peeled(first), name);
  }
  if (name === "new" && BOXES.has(owner)) return pathType(owner, first);
  if (name === "pin" && BOXES.has(owner)) return pathType("std::pin::Pin", pathType(owner, first));
  if (/^(?:new|with_capacity)$/.test(name) && COLLECTIONS.has(owner)) return pathType(owner);
  if (TIMES.has(owner) && /^(?:from_|now$)/.test(name)) return pathType(owner);
  return undefined;
}

const BOXES = new Set(["std::boxed::Box", "std::sync::Arc", "std::rc::Rc"]);
const COLLECTIONS = new Set(["std::vec::Vec", "std::string::String", "std::collections::VecDeque"]);
const TIMES = new Set([
  "std::time::Duration",
  "std::time::Instant",
  "embassy_time::Duration",
  "embassy_time::Instant",
]);

const DURATION_TIMERS = "after after_ticks after_nanos after_micros after_millis after_secs at".split(" ");

/** Functions of libraries that do nothing until what they return is awaited, and what that gives. */
const FUTURES: ReadonlyMap<string, Type> = new Map([
  ...DURATION_TIMERS.map((name) => [`embassy_time::Timer::${name}`, UNIT] as const),
  ["embassy_futures::yield_now", UNIT],
  ["embassy_futures::join::join", UNKNOWN],
  ["embassy_futures::join::join3", UNKNOWN],
  ["embassy_futures::join::join4", UNKNOWN],
  ["embassy_futures::join::join_array", UNKNOWN],
  ["embassy_futures::select::select", UNKNOWN],
  ["embassy_futures::select::select3", UNKNOWN],
  ["embassy_futures::select::select4", UNKNOWN],
  ["embassy_futures::select::select_array", UNKNOWN],
  ["embassy_time::with_timeout", UNKNOWN],
  ["tokio::time::sleep", UNIT],
  ["tokio::time::sleep_until", UNIT],
  ["tokio::time::timeout", UNKNOWN],
  ["tokio::task::yield_now", UNIT],
  ["tokio::signal::ctrl_c", UNKNOWN],
  ["tokio::fs::read", UNKNOWN],
  ["tokio::fs::read_to_string", UNKNOWN],
  ["tokio::fs::write", UNKNOWN],
  ["tokio::net::TcpStream::connect", UNKNOWN],
  ["tokio::net::TcpListener::bind", UNKNOWN],
  ["std::future::ready", UNKNOWN],
  ["std::future::pending", UNKNOWN],
  ["futures::future::join", UNKNOWN],
  ["futures::future::join_all", UNKNOWN],
  ["futures::future::select", UNKNOWN],
]);

export interface MethodResult {
  readonly type: Type;
  /** Whether the receiver itself goes into the call. */
  readonly takesReceiver: boolean;
  /** Whether the result is a reference to the receiver. */
  readonly isReference?: boolean;
}

/** Methods of `Option` and `Result`; undefined for others. */
export function optionMethod(type: Type, name: string, isDirect: boolean): MethodResult | undefined {
  if (type.kind !== "path" || (type.path !== OPTION && type.path !== RESULT)) return undefined;
  const inner = argument(type, 0);
  const reference: Type = { kind: "ref", to: inner, isMutable: name === "as_mut" };
  switch (name) {
    case "unwrap":
    case "expect":
    case "unwrap_or":
    case "unwrap_or_else":
    case "unwrap_or_default":
    case "unwrap_unchecked":
      return { type: inner, takesReceiver: isDirect };
    case "ok":
      return { type: pathType(OPTION, inner), takesReceiver: isDirect };
    case "err":
      return { type: pathType(OPTION, argument(type, 1)), takesReceiver: isDirect };
    case "ok_or":
    case "ok_or_else":
    case "map_err":
      return { type: pathType(RESULT, inner, UNKNOWN), takesReceiver: isDirect };
    case "or_else":
    case "inspect":
    case "inspect_err":
      return { type, takesReceiver: isDirect };
    case "take":
      return { type, takesReceiver: true };
    case "as_ref":
    case "as_mut":
      return { type: pathType(type.path, reference), takesReceiver: false, isReference: true };
    case "is_some":
    case "is_none":
    case "is_ok":
    case "is_err":
      return { type: pathType("bool"), takesReceiver: false };
    case "insert":
    case "get_or_insert":
    case "get_or_insert_with":
      return { type: { kind: "ref", to: inner, isMutable: true }, takesReceiver: false };
    default:
      return { type: UNKNOWN, takesReceiver: isDirect };
  }
}

/** Types of embassy-sync, tokio and others whose methods give futures: path -> methods. */
const FUTURE_METHODS: ReadonlyMap<string, string> = new Map([
  ["embassy_sync::channel::Channel", "send receive"],
  ["embassy_sync::channel::Sender", "send"],
  ["embassy_sync::channel::Receiver", "receive"],
  ["embassy_sync::signal::Signal", "wait"],
  ["embassy_sync::pipe::Pipe", "read write read_all write_all"],
  ["embassy_sync::semaphore::GreedySemaphore", "acquire"],
  ["embassy_sync::pubsub::Subscriber", "next_message next_message_pure"],
  ["embassy_time::Ticker", "next"],
  [
    "embassy_rp::gpio::Input",
    "wait_for_high wait_for_low wait_for_rising_edge wait_for_falling_edge wait_for_any_edge",
  ],
  ["tokio::sync::mpsc::Sender", "send reserve closed"],
  ["tokio::sync::mpsc::Receiver", "recv"],
  ["tokio::sync::mpsc::UnboundedReceiver", "recv"],
  ["tokio::sync::broadcast::Receiver", "recv"],
  ["tokio::sync::watch::Receiver", "changed"],
  ["tokio::sync::Notify", "notified"],
  ["tokio::sync::Semaphore", "acquire"],
  ["tokio::sync::Barrier", "wait"],
  ["tokio::time::Interval", "tick"],
]);

/** Last names of all functions and methods of libraries that give futures. */
export const FUTURE_MAKERS: ReadonlySet<string> = new Set([
  ...[...FUTURES.keys()].map(lastSegment),
  ...[...FUTURE_METHODS.values()].flatMap((names) => names.split(" ")),
]);

/** The future that a method of a library's type gives; undefined for others. */
export function futureMethod(type: Type, name: string): Type | undefined {
  if (type.kind !== "path") return undefined;
  const found = FUTURE_METHODS.get(type.path)?.split(" ").includes(name) === true;
  return found ? futureOf(UNKNOWN, `${type.path}::${name}`) : undefined;
}
