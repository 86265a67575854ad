import { address } from "../../base/brand";
import type { Suspension, SuspensionDecoder } from "../../futures/suspension";
import { exceptionNumber, Register } from "../../target/architecture";
import type { CollectItem, MemoryView, Removable, Target, TracepointHit } from "../../target/target";
import {
  EventKind,
  packPollEnd,
  packWakeSource,
  type SuspensionIndex,
  type TaskIndex,
  UNKNOWN_SUSPENSION,
  type WakeSource,
} from "../../trace/event";
import type { Trace } from "../../trace/trace";
import type { TaskEvents } from "../task-events";
import { ActivePolls } from "../active-polls";
import { type EmbassyLayout, type HeaderFlag, isFlagSet, type TaskPool } from "./layout";
import { describeSlot, slotsOf } from "./task-slots";

/** A task as the observer knows it. */
interface ObservedTask {
  readonly index: TaskIndex;
  readonly header: number;
  readonly pool: TaskPool | undefined;
  /** Whether its future has returned in the poll that is under way. */
  hasReturned: boolean;
}

const REGISTERS: readonly CollectItem[] = [{ kind: "registers" }];

/**
 * Watches Embassy's executors from outside and writes what their tasks do to a trace.
 *
 * - A poll begins at the entry of `TaskStorage::poll`, with the header in r0, and ends where that call returns to.
 *   What the header's address lies in tells the task, so functions that the linker has merged do not matter.
 * - A wake is a write that sets the header's run-queued flag, whatever function it was inlined into. A slot that is
 *   claimed sets it too, together with the spawned flag: that is no wake.
 * - A spawn is the write of the executor pointer, which `SyncExecutor::spawn` does once per spawn.
 * - A task ends with the write that clears its spawned flag.
 */
export class EmbassyObserver {
  private readonly tasks: ObservedTask[] = [];
  private readonly taskByHeader = new Map<number, ObservedTask>();
  private readonly polls = new ActivePolls();
  private readonly removables: Removable[] = [];
  private readonly returnAddresses = new Set<number>();
  /** The decoder gives the same object for the same place. */
  private readonly suspensionIndices = new Map<Suspension, SuspensionIndex>();
  private readonly trace: Trace;
  private exceptionDepth = 0;

  constructor(
    private readonly target: Target,
    private readonly layout: EmbassyLayout,
    private readonly events: TaskEvents,
    private readonly decoder: SuspensionDecoder,
  ) {
    this.trace = events.trace;
    events.addPollSource(() => this.polls.innermost?.task);
    for (const { header, pool, slot } of slotsOf(layout)) this.addTask(header, pool, slot);
    for (const entry of layout.pollFunctions) {
      this.addCodeTracepoint(entry, (hit) => this.beginPoll(hit));
    }
    this.removables.push(
      target.observe({
        onExceptionEntry: () => (this.exceptionDepth += 1),
        onExceptionReturn: () => (this.exceptionDepth = Math.max(0, this.exceptionDepth - 1)),
        onReset: () => this.reset(),
      }),
    );
  }

  /** Takes all tracepoints away. */
  dispose(): void {
    for (const removable of this.removables.splice(0)) removable.remove();
  }

  private reset(): void {
    this.polls.clear();
    this.exceptionDepth = 0;
    for (const task of this.tasks) task.hasReturned = false;
  }

  private addTask(header: number, pool: TaskPool | undefined, slot: number): ObservedTask {
    const index = this.trace.addTask(describeSlot(this.layout, header, pool, slot));
    const task: ObservedTask = { index, header, pool, hasReturned: false };
    this.tasks[index] = task;
    this.taskByHeader.set(header, task);
    this.watchFlags(task);
    this.watchExecutor(task);
    return task;
  }

  private addCodeTracepoint(entry: number, onHit: (hit: TracepointHit) => boolean): void {
    const where = { kind: "code", address: address(entry) } as const;
    this.removables.push(this.target.addTracepoint({ where, collect: REGISTERS, onHit }));
  }

  private watchFlags(task: ObservedTask): void {
    const { spawned, runQueued } = this.layout.header;
    const first = Math.min(spawned.offset, runQueued.offset);
    const length = Math.max(spawned.offset, runQueued.offset) - first + 1;
    const where = { kind: "write", address: address(task.header + first), length } as const;
    const onHit = (hit: TracepointHit) => this.writeFlags(task, hit);
    this.removables.push(this.target.addTracepoint({ where, collect: REGISTERS, onHit }));
  }

  private watchExecutor(task: ObservedTask): void {
    const { executorOffset } = this.layout.header;
    if (executorOffset === undefined) return;
    const where = { kind: "write", address: address(task.header + executorOffset), length: 4 } as const;
    const onHit = (hit: TracepointHit) => {
      const isSpawn = hit.writeValue !== 0 && isFlagSet(hit.memory, task.header, this.layout.header.spawned);
      return isSpawn && this.recordSpawn(task, hit);
    };
    this.removables.push(this.target.addTracepoint({ where, collect: REGISTERS, onHit }));
  }

  private writeFlags(task: ObservedTask, hit: TracepointHit): boolean {
    const { spawned, runQueued } = this.layout.header;
    const wasSpawned = isFlagSet(hit.memory, task.header, spawned);
    const isSpawned = writtenFlag(hit, task.header, spawned) ?? wasSpawned;
    const wasQueued = isFlagSet(hit.memory, task.header, runQueued);
    const isQueued = writtenFlag(hit, task.header, runQueued) ?? wasQueued;
    const isClaim = isSpawned && !wasSpawned;
    let stops = false;
    if (isClaim) {
      // An interrupt may claim the slot before the poll that ended its last task has returned.
      if (this.layout.header.executorOffset === undefined) stops = this.recordSpawn(task, hit);
    } else if (isQueued && !wasQueued) {
      const source = packWakeSource(this.source(task, hit));
      stops = this.events.record(hit, EventKind.Wake, task.index, source);
    }
    if (wasSpawned && !isSpawned) {
      task.hasReturned = true;
      stops = this.events.record(hit, EventKind.TaskEnd, task.index, 0) || stops;
    }
    return stops;
  }

  private recordSpawn(task: ObservedTask, hit: TracepointHit): boolean {
    return this.events.record(hit, EventKind.Spawn, task.index, packWakeSource(this.source(task, hit)));
  }

  /** Who runs right now: the poll that is under way, the interrupt that has broken into it, or `main`. */
  private source(woken: ObservedTask, hit: TracepointHit): WakeSource {
    const poll = this.polls.innermost;
    const exception = exceptionNumber(hit.register(Register.xpsr));
    if (exception !== 0 && (poll === undefined || poll.exceptionDepth < this.exceptionDepth)) {
      return { kind: "irq", exception };
    }
    if (poll === undefined) return { kind: "main" };
    return poll.task === woken.index ? { kind: "self" } : { kind: "task", task: poll.task };
  }

  private beginPoll(hit: TracepointHit): boolean {
    const header = hit.register(Register.r0);
    const task = this.taskByHeader.get(header) ?? this.addTask(header, undefined, 0);
    // The Thumb bit of a return address is no part of the address (ARMv6-M ARM A4.1.1).
    const returnAddress = (hit.register(Register.lr) & ~1) >>> 0;
    task.hasReturned = false;
    this.polls.begin({
      task: task.index,
      returnAddress,
      stackPointer: hit.register(Register.sp),
      exceptionDepth: this.exceptionDepth,
    });
    if (!this.returnAddresses.has(returnAddress)) {
      this.returnAddresses.add(returnAddress);
      this.addCodeTracepoint(returnAddress, (returnHit) => this.endPoll(returnHit, returnAddress));
    }
    return this.events.record(hit, EventKind.PollBegin, task.index, 0);
  }

  private endPoll(hit: TracepointHit, returnAddress: number): boolean {
    const poll = this.polls.end(returnAddress, hit.register(Register.sp));
    if (poll === undefined) return false;
    const task = this.tasks[poll.task]!;
    const result = task.hasReturned ? "ready" : "pending";
    const suspension = task.hasReturned ? UNKNOWN_SUSPENSION : this.suspension(task, hit.memory);
    return this.events.record(hit, EventKind.PollEnd, task.index, packPollEnd(result, suspension));
  }

  private suspension(task: ObservedTask, memory: MemoryView): SuspensionIndex {
    const { pool } = task;
    if (pool?.body === undefined) return UNKNOWN_SUSPENSION;
    const suspension = this.decoder.decode(pool.body, task.header + pool.futureOffset, memory);
    if (suspension === undefined) return UNKNOWN_SUSPENSION;
    let index = this.suspensionIndices.get(suspension);
    if (index === undefined) {
      index = this.trace.addSuspension(suspension);
      this.suspensionIndices.set(suspension, index);
    }
    return index;
  }
}

/** What a write makes of a flag, or undefined if the flag's byte is not among those written. */
function writtenFlag(hit: TracepointHit, header: number, flag: HeaderFlag): boolean | undefined {
  const byte = header + flag.offset - hit.writeAddress;
  if (byte < 0 || byte >= hit.writeSize) return undefined;
  return ((hit.writeValue >>> (byte * 8)) & flag.mask) !== 0;
}
