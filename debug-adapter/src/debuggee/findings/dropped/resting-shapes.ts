import type { MemoryView } from "../../../target/target";
import type { SuspensionIndex, TaskIndex } from "../../../trace/event";
import { memoryOf } from "../../../values/memory-copy";
import type { Debuggee } from "../../debuggee";
import { areUnchanged, type ReadBytes, RecordedReads } from "./recorded-reads";
import { type RestingFuture, RestingTask } from "./resting-futures";

/** Shapes of one task at one await that are remembered. */
const MOST_SHAPES = 8;

/** The coroutines of a suspended task, by their keys. */
export type RestingFutures = ReadonlyMap<string, RestingFuture>;

/** A task between two of its polls. */
export interface RestingMoment {
  /** Without what leaves wait for, and with values of an earlier moment of the same shape. */
  readonly shape: RestingFutures;
  /** All of one of them, as it was at that moment. */
  wholeOf(key: string): RestingFuture | undefined;
}

interface KnownShape {
  readonly reads: ReadBytes;
  readonly shape: RestingFutures;
}

/**
 * The coroutines of suspended tasks. A task comes back to the same few shapes again and again, so each is decoded once,
 * and known again by the bytes that it was decoded from.
 */
export class RestingShapes {
  private readonly known = new Map<number, KnownShape[]>();

  constructor(private readonly debuggee: Debuggee) {}

  /** @param memory as the task's last poll has left it; the task's own part of it is copied */
  at(task: TaskIndex, suspension: SuspensionIndex, memory: MemoryView): RestingMoment {
    const { address: start, bytes: length } = this.debuggee.trace.tasks[task]!;
    const slot = { start, bytes: memory.read(start, length) ?? new Uint8Array(0) };
    const shape = this.knownShape(task, suspension, slot, memory);
    let whole: RestingFutures | undefined;
    const readWhole = () => byKey(new RestingTask(this.debuggee, task, keptMemory(slot, memory)).futures());
    return { shape, wholeOf: (key) => (whole ??= readWhole()).get(key) };
  }

  private knownShape(
    task: TaskIndex,
    suspension: SuspensionIndex,
    slot: { readonly start: number; readonly bytes: Uint8Array },
    memory: MemoryView,
  ): RestingFutures {
    // Suspensions are numbered within 31 bits, since the end of a poll has one and a bit beside it.
    const key = task * 2 ** 31 + suspension;
    let shapes = this.known.get(key);
    if (shapes === undefined) this.known.set(key, (shapes = []));
    for (const each of shapes) if (areUnchanged(each.reads, slot, memory)) return each.shape;
    const recorded = new RecordedReads(keptMemory(slot, memory));
    const shape = byKey(new RestingTask(this.debuggee, task, recorded, "shape").futures());
    const reads = recorded.all();
    if (reads === undefined) return shape;
    if (shapes.length >= MOST_SHAPES) shapes.shift();
    shapes.push({ reads, shape });
    return shape;
  }
}

function byKey(futures: readonly RestingFuture[]): RestingFutures {
  return new Map(futures.map((future) => [future.key, future]));
}

/** Memory of which one part stays as it is now: whoever reads that later still sees this instant. */
function keptMemory(
  slot: { readonly start: number; readonly bytes: Uint8Array },
  memory: MemoryView,
): MemoryView {
  const copied = memoryOf([slot]);
  return {
    read: (at, length) => copied.read(at, length) ?? memory.read(at, length),
    readUint: (at, size) => copied.readUint(at, size) ?? memory.readUint(at, size),
  };
}
