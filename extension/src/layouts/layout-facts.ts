/** What the compiler has made of the async functions of one firmware file: plain data, which can be sent and kept. */
export interface LayoutFacts {
  /** The ELF file. */
  readonly elf: string;
  /** Every async function, block and closure, libraries' too; other facts refer to them by their position. */
  readonly futures: readonly FutureLayout[];
  readonly pools: readonly PoolLayout[];
  readonly ram: RamUse;
  /** What could not be read, in sentences. */
  readonly problems: readonly string[];
}

/** The state machine of one async function, or of one instance of a generic one. */
export interface FutureLayout {
  readonly kind: "fn" | "block" | "closure";
  /** As a programmer would say it: `blink::nap`, `blink::run::{async block#0}`. */
  readonly name: string;
  /** Generic arguments with their brackets, or "". */
  readonly generics: string;
  readonly crate: string;
  /** Whether it is of the user's own crates, and neither of a dependency nor of the standard library. */
  readonly isOwn: boolean;
  /** The Embassy task whose body it is. */
  readonly task: string | null;
  readonly place: LayoutPlace | null;
  /** The line on which its body ends; null where the debug info does not tell. */
  readonly endLine: number | null;
  readonly bytes: number;
  readonly alignment: number;
  /** In the order of the compiler: Unresumed, Returned, Panicked, then the suspend points in the order of the source. */
  readonly states: readonly StateLayout[];
  /** Slots of task pools whose future it is, or is a part of; null where the body of a pool is not known. */
  readonly tasks: number | null;
}

/** A line of a source file, counted from 1. */
export interface LayoutPlace {
  readonly file: string;
  readonly line: number;
}

export interface StateLayout {
  readonly kind: "unresumed" | "returned" | "panicked" | "suspended";
  /** As the compiler calls it: `Unresumed`, `Suspend0`. */
  readonly name: string;
  /** Of a suspend point its `.await`; inside a macro the line where the macro is defined. */
  readonly place: LayoutPlace | null;
  /** In the order of their places. */
  readonly saved: readonly SavedLayout[];
  /** Bytes that what is saved takes; what lies in another value is counted once. */
  readonly bytes: number;
}

/** A value that is kept in a state. */
export interface SavedLayout {
  readonly name: string;
  readonly role: "variable" | "reference" | "drop-flag" | "temporary" | "awaitee";
  readonly type: string;
  /** The type without paths; of a future what it is called in the source: `Ticker::next`. */
  readonly shortType: string;
  /** In bytes, from the start of the future. */
  readonly offset: number;
  readonly bytes: number;
  /** The guards that lie in it, in place. */
  readonly guards: readonly GuardFact[];
  /** The position of the async function whose state machine it is; null for any other type. */
  readonly future: number | null;
  /** Whether only a drop flag says, at run time, if it is still there. */
  readonly mayBeDropped: boolean;
  /** Whether it is an argument where the caller has put it: moved away, although the debug info still lists it. */
  readonly isLeftBehind: boolean;
}

export interface GuardFact {
  /** The path of its type: `core::cell::RefMut`. */
  readonly type: string;
  /** Whether nobody can wait for the lock: who meets it taken panics, spins or fails. */
  readonly isBlocking: boolean;
  /** Whether it lies in an option or another enum, which may hold it or not. */
  readonly isOptional: boolean;
}

/** A static with one or more slots for tasks of one function. */
export interface PoolLayout {
  /** The task function's name. */
  readonly name: string;
  readonly slots: number;
  /** Of each slot: the future, and Embassy's header before it. */
  readonly slotBytes: number;
  /** The position of the body among the async functions; null if it was not found. */
  readonly future: number | null;
}

/** How much of the chip's RAM is taken before the firmware runs. */
export type RamUse =
  | {
      readonly kind: "known";
      /** From where RAM begins on the chip to the end of what the linker was given. */
      readonly bytes: number;
      /** Of statics, initialised or not. */
      readonly staticBytes: number;
    }
  | { readonly kind: "unknown"; readonly reason: string };

/** What a state keeps that is of use: without arguments that have been moved away. */
export function keptIn(state: StateLayout): SavedLayout[] {
  if (state.kind === "returned" || state.kind === "panicked") return [];
  return state.saved.filter(({ isLeftBehind }) => !isLeftBehind);
}

/** The suspend points of a future. */
export function suspendPoints({ states }: FutureLayout): StateLayout[] {
  return states.filter(({ kind }) => kind === "suspended");
}
