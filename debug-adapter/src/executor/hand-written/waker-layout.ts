import type { Program } from "../../symbols/program";
import { memberAt, type Part } from "../../symbols/types/member-access";
import type { Type } from "../../symbols/types/type";
import type { MemoryView } from "../../target/target";

/** Where the parts of `Context`, `Waker` and `RawWakerVTable` lie. */
export interface WakerLayout {
  /** In the context: the pointer to the waker. */
  readonly wakerOffset: number;
  /** In the waker. */
  readonly dataOffset: number;
  readonly vtableOffset: number;
  /** In the table: the four functions, `wake` and `wake_by_ref` first. */
  readonly functionOffsets: readonly number[];
}

/** A waker by what it is made of; the object is filled anew by each poll. */
export interface WakerParts {
  /** Whether the rest is known. */
  isKnown: boolean;
  data: number;
  /** Addresses of the functions `wake` and `wake_by_ref` of its table. */
  wake: number;
  wakeByRef: number;
}

const MODULE = "core::task::wake";

/** The type of a waker's table of functions. */
export const WAKER_TABLE = `${MODULE}::RawWakerVTable`;

/** Functions of a waker's table that are called for a wake and for nothing else. */
export function wakeFunctionsOf(
  vtable: number,
  { functionOffsets }: WakerLayout,
  memory: Pick<MemoryView, "readUint">,
): number[] {
  const functions = functionOffsets.map((offset) => ((memory.readUint(vtable + offset, 4) ?? 0) & ~1) >>> 0);
  const [wake = 0, wakeByRef = 0, ...others] = functions;
  // The linker may have given one function to all that do nothing.
  return [...new Set([wake, wakeByRef])].filter((each) => each !== 0 && !others.includes(each));
}

/** Learns the layout of wakers from the debug info; undefined if the program has none, or not all is described. */
export function findWakerLayout(program: Program): WakerLayout | undefined {
  const part = (type: string, path: readonly string[]) => {
    const found: Type | undefined = program.types.named(`${MODULE}::${type}`);
    return found && memberAt(found, path);
  };
  const waker = part("Context", ["waker"]);
  const data = part("Waker", ["waker", "data"]);
  const vtable = part("Waker", ["waker", "vtable"]);
  const functions = ["wake", "wake_by_ref", "clone", "drop"].map((name) => part("RawWakerVTable", [name]));
  if (waker === undefined || data === undefined || vtable === undefined) return undefined;
  if (!functions.every((each): each is Part => each !== undefined)) return undefined;
  return {
    wakerOffset: waker.offset,
    dataOffset: data.offset,
    vtableOffset: vtable.offset,
    functionOffsets: functions.map(({ offset }) => offset),
  };
}

/**
 * Reads the waker of the context at an address into `parts`. False, with `parts` as they were, if there is no context:
 * its pointers must lead to a table of four functions.
 */
export function readWaker(
  context: number,
  { layout, memory, isFunction }: WakerSource,
  parts: WakerParts,
): boolean {
  const waker = memory.readUint(context + layout.wakerOffset, 4);
  if (waker === undefined) return false;
  const data = memory.readUint(waker + layout.dataOffset, 4);
  const vtable = memory.readUint(waker + layout.vtableOffset, 4);
  if (data === undefined || vtable === undefined) return false;
  for (const offset of layout.functionOffsets) {
    const pointer = memory.readUint(vtable + offset, 4);
    // Pointers to Thumb code are odd (ARMv6-M ARM A4.1.1).
    if (pointer === undefined || (pointer & 1) === 0 || !isFunction(pointer - 1)) return false;
  }
  parts.isKnown = true;
  parts.data = data;
  parts.wake = memory.readUint(vtable + layout.functionOffsets[0]!, 4)! - 1;
  parts.wakeByRef = memory.readUint(vtable + layout.functionOffsets[1]!, 4)! - 1;
  return true;
}

/** What a waker is read from. */
export interface WakerSource {
  readonly layout: WakerLayout;
  readonly memory: MemoryView;
  /** Whether a function begins at an address. */
  readonly isFunction: (address: number) => boolean;
}
