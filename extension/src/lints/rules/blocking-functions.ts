import type { CallSite } from "../flow/body";
import { type Type, argument } from "../semantics/type";

/** Why a call blocks, as the end of a sentence; undefined if it is not known to. */
export function whyBlocking(site: CallSite, own: readonly string[]): string | undefined {
  if (site.path !== undefined) return whyPathBlocks(site.path, own, site.args[0]?.text);
  if (site.method === undefined || site.receiver?.kind !== "path") return undefined;
  return whyMethodBlocks(site.receiver, site.method);
}

const SLEEPS = "the thread sleeps, and with it every task on it";
const DISK = "the thread waits for the disk";
const NET = "the thread waits for the network";

const PATHS: ReadonlyMap<string, string> = new Map([
  ["std::thread::sleep", SLEEPS],
  ["std::thread::sleep_ms", SLEEPS],
  ["std::thread::park", SLEEPS],
  ["std::thread::park_timeout", SLEEPS],
  ["std::net::TcpStream::connect", NET],
  ["std::net::TcpStream::connect_timeout", NET],
  ["reqwest::blocking::get", NET],
]);

const FILE_FUNCTIONS =
  /^std::fs::(?:(?:File|OpenOptions)::(?:open|create|create_new)|read|write|read_to_string|copy|rename|remove_\w+|create_dir\w*|read_dir|metadata|symlink_metadata|canonicalize|hard_link|set_permissions|exists)$/;

/** Whether a path blocks whatever it is given; `first` is its first argument as written. */
export function whyPathBlocks(path: string, own: readonly string[], first?: string): string | undefined {
  if (own.includes(path)) return "the settings list it as blocking";
  const known = PATHS.get(path);
  if (known !== undefined) return known;
  if (FILE_FUNCTIONS.test(path)) return DISK;
  if (path === "embassy_time::block_for" && !isShort(first)) return "the core spins until the time is over";
  if (path === "cortex_m::asm::delay" && first !== undefined && !isShort(first))
    return "the core counts cycles";
  return undefined;
}

/** Spinning for this long is what a driver may have to do: a tenth of a millisecond, at 125 MHz. */
const SHORT_CYCLES = 12_500;
const SHORT_MICROSECONDS = 100;

/** Whether a delay is a number that is small; one that is not written down counts as short. */
function isShort(argument: string | undefined): boolean {
  const cycles = /^(\d[\d_]*)(?:u32)?$/.exec(argument ?? "")?.[1];
  if (cycles !== undefined) return Number(cycles.replaceAll("_", "")) <= SHORT_CYCLES;
  const time = /(?:^|::)from_(secs|millis|micros|nanos|ticks)\(\s*(\d[\d_]*)\s*\)$/.exec(argument ?? "");
  if (time === null) return true;
  const value = Number(time[2]!.replaceAll("_", ""));
  switch (time[1]) {
    case "secs":
    case "millis":
      return value === 0;
    case "micros":
      return value <= SHORT_MICROSECONDS;
    default:
      return true;
  }
}

const METHODS: ReadonlyMap<string, string> = new Map([
  ["std::sync::mpsc::Receiver.recv", "the thread waits for a message"],
  ["std::sync::mpsc::Receiver.recv_timeout", "the thread waits for a message"],
  ["std::sync::Barrier.wait", "the thread waits for other threads"],
  ["std::sync::Condvar.wait", "the thread waits for another thread"],
  ["std::thread::JoinHandle.join", "the thread waits for another to end"],
  ["tokio::sync::Mutex.blocking_lock", "it panics in async code"],
  ["tokio::sync::RwLock.blocking_read", "it panics in async code"],
  ["tokio::sync::RwLock.blocking_write", "it panics in async code"],
  ["tokio::sync::mpsc::Sender.blocking_send", "it panics in async code"],
  ["tokio::sync::mpsc::Receiver.blocking_recv", "it panics in async code"],
  ["tokio::sync::mpsc::UnboundedReceiver.blocking_recv", "it panics in async code"],
  ["tokio::sync::oneshot::Receiver.blocking_recv", "it panics in async code"],
]);

function whyMethodBlocks(receiver: Type & { readonly kind: "path" }, method: string): string | undefined {
  const known = METHODS.get(`${receiver.path}.${method}`);
  if (known !== undefined) return known;
  if (receiver.path === "embassy_time::Delay" && /^delay_(?:ms|us|ns)$/.test(method)) {
    return method === "delay_ms" ? "the core spins until the time is over" : undefined;
  }
  // A driver that could wait without blocking: its last argument says so.
  const isDriver = /^embassy_(?:rp|stm32|nrf)::(?:uart|usart|spi|i2c)::/.test(receiver.path);
  const mode = argument(receiver, receiver.args.length - 1);
  if (isDriver && method.startsWith("blocking_") && mode.kind === "path" && mode.path.endsWith("::Async")) {
    return "the core waits for the peripheral, although this driver can await it";
  }
  return undefined;
}
