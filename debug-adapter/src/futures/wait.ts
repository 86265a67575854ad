import { hexAddress } from "../base/hex-address";
import type { Nanoseconds } from "../base/brand";
import { pathComponents } from "../symbols/types/type-name";
import type { SymbolLookup } from "../values/symbol-lookup";

/** What a leaf future waits for, and who must act for it to go on. */
export interface Wait {
  readonly kind: WaitKind;
  /** A clause for a reader: `timer due in 312.0 ms`, `mutex LOG held by upload_task`, `nobody known`. */
  readonly text: string;
  /** The lock, channel or signal that it waits at. */
  readonly object: WaitObject | null;
  /** For a timer: how long from now, negative if it is overdue. Null for anything else, or where now is not known. */
  readonly dueIn: Nanoseconds | null;
  /** The tasks that hold the lock. */
  readonly heldBy: readonly string[];
}

export type WaitKind =
  | "timer"
  | "mutex"
  | "rwlock"
  | "semaphore"
  | "channel"
  | "pipe"
  | "pubsub"
  | "signal"
  | "watch"
  | "once-lock"
  | "gpio"
  | "uart"
  | "dma"
  | "hardware"
  | "yield"
  | "unknown";

/** Something in memory that tasks meet at. */
export interface WaitObject {
  readonly address: number;
  /** The full name of the static that it is or lies in, or null. */
  readonly name: string | null;
}

/** A wait that concerns no object in memory. */
export function plainWait(kind: WaitKind, text: string): Wait {
  return { kind, text, object: null, dueIn: null, heldBy: [] };
}

/** Something at an address, with the static that it lies in. */
export function waitObject(address: number, symbols: SymbolLookup): WaitObject {
  return { address, name: symbols.staticAt(address)?.name ?? null };
}

/**
 * An object in few words: `LOG`; `STATE + 8` inside a static; `at 0x20000410` anywhere else. What lies in the future of
 * a task is a local of that task: `in blink_task at 0x20000410`.
 */
export function objectWords({ address, name }: WaitObject, symbols: SymbolLookup): string {
  const at = `at ${hexAddress(address)}`;
  if (name === null) return at;
  const components = pathComponents(name).filter((component) => !component.startsWith("{"));
  const last = components.at(-1) ?? name;
  if (last === "POOL" && components.length > 1) return `in ${components.at(-2)!} ${at}`;
  const offset = address - (symbols.staticAt(address)?.address ?? address);
  return offset === 0 ? last : `${last} + ${offset}`;
}
