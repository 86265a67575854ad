import { address } from "../../base/brand";
import type { Target, TracepointHit } from "../../target/target";
import { EventKind, LockChange, NO_TASK, packLock, type TaskIndex } from "../../trace/event";
import type { TaskEvents } from "../task-events";
import type { MutexPlace } from "./mutex-places";

/**
 * Writes to a trace who takes a mutex, who has to wait for it, and when it is free again: by the stores to its flag, and
 * to the waker that it keeps, which a future writes that finds it locked.
 */
export class MutexObserver {
  constructor(
    private readonly target: Target,
    private readonly events: TaskEvents,
    places: readonly MutexPlace[],
  ) {
    for (const place of places) this.watch(place);
  }

  private watch({ name, locked, waker }: MutexPlace): void {
    const { target, events } = this;
    const lock = events.trace.addString(name);
    let holder: TaskIndex = NO_TASK;
    let waiter: TaskIndex = NO_TASK;
    const note = (hit: TracepointHit, change: LockChange, task: TaskIndex) =>
      events.trace.events.append(hit.time, EventKind.Lock, task, packLock({ change, lock, holder }));

    target.addTracepoint({
      where: { kind: "write", address: locked, length: 1 },
      collect: [],
      onHit: (hit) => {
        const was = hit.memory.readUint(locked, 1) !== 0;
        const is = writtenByte(hit, locked) !== 0;
        if (was === is) return false;
        const task = events.polledTask ?? NO_TASK;
        waiter = NO_TASK;
        holder = is ? task : NO_TASK;
        note(hit, is ? LockChange.Taken : LockChange.Free, task);
        return false;
      },
    });
    if (waker === undefined) return;
    target.addTracepoint({
      where: { kind: "write", address: waker.address, length: waker.length },
      collect: [],
      onHit: (hit) => {
        const task = events.polledTask;
        // A mutex gives up its flag before it wakes, which empties the place of the waker.
        if (task === undefined || task === waiter || hit.memory.readUint(locked, 1) === 0) return false;
        waiter = task;
        note(hit, LockChange.Awaited, task);
        return false;
      },
    });
  }
}

/** What a store makes of the byte at an address that it covers. */
function writtenByte({ writeAddress, writeValue }: TracepointHit, at: number): number {
  return (writeValue >>> (8 * (address(at) - writeAddress))) & 0xff;
}
