import type { Address } from "../../base/brand";
import type { ProblemList } from "../../base/errors";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { Program } from "../../symbols/program";
import type { StaticVariable } from "../../symbols/static-variable";
import { memberAt, type Part, unwrapped } from "../../symbols/types/member-access";
import type { MemoryView } from "../../target/target";

/** One bit of the task header: the byte it lies in, counted from the header's start, and its mask in that byte. */
export interface HeaderFlag {
  readonly offset: number;
  readonly mask: number;
}

/** Whether a flag of the task header at an address is set. */
export function isFlagSet(memory: MemoryView, header: number, { offset, mask }: HeaderFlag): boolean {
  return ((memory.readUint(header + offset, 1) ?? 0) & mask) !== 0;
}

/** Where the fields of Embassy's `TaskHeader` lie in this program. */
export interface HeaderLayout {
  readonly bytes: number;
  readonly alignment: number;
  /** The task has a future: set when a slot is claimed, cleared when the future has returned. */
  readonly spawned: HeaderFlag;
  /** The task is in its executor's run queue. */
  readonly runQueued: HeaderFlag;
  /** The pointer to the executor that the task runs on, or undefined if it was not found. */
  readonly executorOffset: number | undefined;
}

/** A static with one or more slots for tasks of the same function. */
export interface TaskPool {
  /** The task function's name: `blink_task`, or `main`; with its module where two are alike. */
  readonly name: string;
  readonly address: Address;
  readonly slotBytes: number;
  readonly slots: number;
  /** The task's body, or undefined if it was not found. */
  readonly body: AsyncFunction | undefined;
  /** Where the future begins in a slot. */
  readonly futureOffset: number;
}

/** All that the observer needs to know of a program that uses Embassy. */
export interface EmbassyLayout {
  readonly header: HeaderLayout;
  readonly pools: readonly TaskPool[];
  /** Entry points of `TaskStorage<F>::poll`; the executor calls them with the task header in r0. */
  readonly pollFunctions: readonly Address[];
}

const RAW = "embassy_executor::raw";

/**
 * Learns from the debug info how Embassy's executor is laid out in a program.
 * Undefined if the program has none, or if so much is missing that nothing could be observed; `problems` says what.
 */
export function findEmbassyLayout(program: Program, problems: ProblemList): EmbassyLayout | undefined {
  const header = findHeader(program, problems);
  if (header === undefined) return undefined;
  const pollFunctions = findPollFunctions(program);
  if (pollFunctions.length === 0) {
    problems.add("embassy", `no code of ${RAW}::TaskStorage::poll was found, so polls cannot be seen`);
  }
  return { header, pollFunctions, pools: findPools(program, header, problems) };
}

function findHeader(program: Program, problems: ProblemList): HeaderLayout | undefined {
  const header = program.types.named(`${RAW}::TaskHeader`);
  if (header === undefined) return undefined;
  const state = memberAt(header, ["state"]);
  const flags = state && findFlags(state);
  if (flags === undefined) {
    problems.add("embassy", `the state of ${RAW}::TaskHeader has an unknown form, so tasks cannot be seen`);
    return undefined;
  }
  const executor = memberAt(header, ["executor"]);
  if (executor === undefined) {
    problems.add(
      "embassy",
      `${RAW}::TaskHeader has no member \`executor\`; a task counts as spawned once it is claimed`,
    );
  }
  return { bytes: header.byteSize, alignment: header.alignment, ...flags, executorOffset: executor?.offset };
}

/**
 * The two flags are booleans of their own where the chip has byte-wise atomics (Embassy's `state_atomics_arm.rs`).
 * Elsewhere they are the two lowest bits of one word, `STATE_SPAWNED` and `STATE_RUN_QUEUED`: constants, which
 * leave no trace in debug info and have been the same since they came into being.
 */
function findFlags(state: Part): Pick<HeaderLayout, "spawned" | "runQueued"> | undefined {
  const spawned = memberAt(state.type, ["spawned"]);
  const runQueued = memberAt(state.type, ["run_queued"]);
  if (spawned && runQueued) {
    return {
      spawned: { offset: state.offset + spawned.offset, mask: 1 },
      runQueued: { offset: state.offset + runQueued.offset, mask: 1 },
    };
  }
  const word = unwrapped(state.type);
  if (word.type.kind !== "base" || word.type.byteSize === 0) return undefined;
  // The lowest bits of a little-endian word are in its first byte.
  const offset = state.offset + word.offset;
  return { spawned: { offset, mask: 1 << 0 }, runQueued: { offset, mask: 1 << 1 } };
}

function findPollFunctions(program: Program): Address[] {
  const functions = program.functions.withPath(`${RAW}::TaskStorage::poll`);
  return [...new Set(functions.map((each) => each.address))];
}

function findPools(program: Program, header: HeaderLayout, problems: ProblemList): TaskPool[] {
  const statics = program.statics.matching((each) => each.name.endsWith("::POOL") && isPool(each));
  const spawners = statics.map((each) => each.name.slice(0, -"::POOL".length));
  const names = shortestNames(spawners.map((spawner) => spawner.split("::")));
  const bodies = new Map(program.asyncFunctions.tasks.map((each) => [each.task?.spawner, each]));
  return statics.map((pool, i): TaskPool => {
    const name = names[i]!;
    const body = bodies.get(spawners[i]);
    const slot = body && slotLayout(program, body, header);
    if (slot === undefined || pool.byteSize % slot.bytes !== 0) {
      problems.add("embassy", `the future of task ${name} was not found, so where it waits is not known`);
      const slotBytes = pool.byteSize;
      return { name, address: pool.address, slotBytes, slots: 1, body: undefined, futureOffset: 0 };
    }
    const slots = pool.byteSize / slot.bytes;
    return {
      name,
      address: pool.address,
      slotBytes: slot.bytes,
      slots,
      body,
      futureOffset: slot.futureOffset,
    };
  });
}

/** On stable Rust the task macro makes an opaque `TaskPoolHolder` of the right size, on nightly a `TaskPool`. */
function isPool(variable: StaticVariable): boolean {
  return /^embassy_executor::(?:_export::TaskPoolHolder|raw::TaskPool)\b/.test(variable.type.name);
}

function slotLayout(
  program: Program,
  { coroutine }: AsyncFunction,
  header: HeaderLayout,
): { bytes: number; futureOffset: number } | undefined {
  const storage = program.types.named(`${RAW}::TaskStorage<${coroutine.type.name}>`);
  const future = storage && memberAt(storage, ["future"]);
  if (storage && future) return { bytes: storage.byteSize, futureOffset: future.offset };
  // `TaskStorage` is repr(C): the header, then the future.
  const futureOffset = alignUp(header.bytes, coroutine.alignment);
  return {
    bytes: alignUp(futureOffset + coroutine.byteSize, Math.max(header.alignment, coroutine.alignment)),
    futureOffset,
  };
}

function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

/** The last part of each path, with as many parts before it as it takes to tell equal ones apart. */
function shortestNames(paths: readonly (readonly string[])[]): string[] {
  return paths.map((path) => {
    for (let parts = 1; parts < path.length; parts++) {
      const isAlone = paths.every((other) => other === path || tail(other, parts) !== tail(path, parts));
      if (isAlone) return readable(tail(path, parts));
    }
    return readable(path.join("::"));
  });
}

function tail(path: readonly string[], parts: number): string {
  return path.slice(-parts).join("::");
}

/** The macro for `async fn main` calls its task `__embassy_main`. */
function readable(name: string): string {
  return name.replace(/\b__embassy_main$/, "main");
}
