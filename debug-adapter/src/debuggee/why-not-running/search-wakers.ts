import { findTimerEntry, isOwnStructure, isTaskReference } from "../../executor/embassy/own-structures";
import { type QueuedTimer, queuedTimer } from "../../futures/waker-holders/queued-timer";
import type { ExecutorTypes } from "../../futures/waker-holders/word-place";
import {
  findWakerHolders,
  type SearchedTask,
  type WakerSearch,
} from "../../futures/waker-holders/waker-holders";
import { Register } from "../../target/architecture";
import type { MemoryView } from "../../target/target";
import type { TaskState } from "../../trace/task-state";
import { PICO_MEMORY } from "../../values/memory-copy";
import { ValueReader } from "../../values/reader";
import { symbolsOf } from "../../values/symbol-lookup";
import { unwinderOf } from "../core-backtrace";
import type { Debuggee } from "../debuggee";
import { poolOf } from "../inspect-tasks";
import { VECTOR_TABLE } from "../pico";
import { type StillMachine, stillMachine } from "../still-machine";
import { stackPlaces, type StackBounds } from "./stack-places";

/** What can make a task run again, as far as memory tells. */
export interface TaskWakers {
  readonly search: WakerSearch;
  /** Its own timer in the executor's queue; undefined if the program has none of this kind. */
  readonly timer: QueuedTimer | undefined;
}

/** What was searched for wakers. */
export interface WakersOfTasks {
  /** In the order of the trace. */
  readonly tasks: readonly TaskWakers[];
  /** RAM that was searched, in bytes. */
  readonly searchedBytes: number;
}

/** Memory that a program can write pointers to: SRAM, with the stacks in it. */
const RAM = PICO_MEMORY[2]!;

/** Registers that a program keeps pointers in. */
const POINTER_REGISTERS = 13;

/** What of an executor's own refers to tasks. */
export const EXECUTOR_TYPES: ExecutorTypes = { isOwn: isOwnStructure, isReference: isTaskReference };

/** Who holds the waker of each task of a debuggee that stands still. */
export async function searchWakers(debuggee: Debuggee): Promise<WakersOfTasks> {
  return searchWakersIn(debuggee, await stillMachine(debuggee));
}

/** The same for memory and registers that have been read. */
export function searchWakersIn(
  debuggee: Debuggee,
  { memory, registers, states }: StillMachine,
): WakersOfTasks {
  const { firmware, embassy } = debuggee;
  const ram = { start: RAM.start, bytes: memory.read(RAM.start, RAM.byteSize) ?? new Uint8Array(0) };
  const reader = new ValueReader(memory, symbolsOf(firmware.program));
  const tasks = searchedTasks(debuggee, states, reader);
  if (embassy === undefined) return { tasks: [], searchedBytes: ram.bytes.length };
  const stacks = stackPlaces(
    unwinderOf(firmware).unwind(registers, memory),
    stackBounds(debuggee, memory, registers[Register.msp]!),
  );
  const named = Array.from({ length: POINTER_REGISTERS }, (_, i) => [`r${i}`, registers[i]!] as const);
  const found = findWakerHolders(
    tasks,
    {
      memory: [ram],
      registers: Object.fromEntries([...named, ["lr", registers[Register.lr]!]]),
      core: stacks.core,
      stackAt: (address) => stacks.stackAt(address),
      headerBytes: embassy.header.bytes,
      types: EXECUTOR_TYPES,
    },
    reader,
  );
  const entry = findTimerEntry(firmware.program);
  return {
    tasks: found.map((search, i) => {
      const timer = entry && queuedTimer(reader.at(entry.type, tasks[i]!.header + entry.offset), reader);
      return { search, timer };
    }),
    searchedBytes: ram.bytes.length,
  };
}

function searchedTasks(
  { trace, embassy }: Debuggee,
  states: readonly TaskState[],
  reader: ValueReader,
): SearchedTask[] {
  return trace.tasks.map(({ name, address, bytes }, row) => {
    const pool = embassy && poolOf(embassy, address);
    const type = pool?.body?.coroutine.type;
    return {
      task: name,
      header: address,
      byteSize: bytes,
      future:
        type === undefined || pool === undefined ? undefined : reader.at(type, address + pool.futureOffset),
      state: FUTURE_STATES[states[row]!.kind],
    };
  });
}

const FUTURE_STATES: Readonly<Record<TaskState["kind"], SearchedTask["state"]>> = {
  unspawned: "none",
  ready: "at-rest",
  running: "polled",
  suspended: "at-rest",
  ended: "none",
};

/** The main stack grows down from where the vector table says, towards what the linker has placed below. */
function stackBounds({ firmware }: Debuggee, memory: MemoryView, pointer: number): StackBounds {
  const top = memory.readUint(VECTOR_TABLE, 4) ?? RAM.start + RAM.byteSize;
  const ends = firmware.elf.sections
    .filter(({ address }) => address >= RAM.start && address < RAM.start + RAM.byteSize)
    .map(({ address, size }) => address + size)
    .filter((end) => end <= pointer);
  const bottom = Math.max(RAM.start, ...ends);
  return { bottom, top, pointer, mayHoldHeap: hasAllocator(firmware.elf.symbols) };
}

/** A heap may lie between the sections and the stack, where nothing describes it. */
function hasAllocator(symbols: Debuggee["firmware"]["elf"]["symbols"]): boolean {
  return symbols.functions().some(({ name }) => /__rust_(?:re)?alloc|__rust_dealloc|__rg_alloc/.test(name));
}
