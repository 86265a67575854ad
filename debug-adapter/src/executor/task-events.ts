import type { Removable, TracepointHit } from "../target/target";
import type { EventKind, TaskIndex } from "../trace/event";
import type { Trace } from "../trace/trace";

/** Something that a task does, or that is done to it, at the instant at which it happens. */
export interface TaskEvent {
  /** Spawn, Wake, PollBegin, PollEnd or TaskEnd. */
  readonly kind: EventKind;
  readonly task: TaskIndex;
  /** As in the trace (event.ts). */
  readonly payload: number;
}

/**
 * Called in the middle of the run, behind the trace's row. Polls begin and end before the instruction at hand; wakes,
 * spawns and ends are stores, of which memory still holds the old value.
 * Returns true to stop the target here: before that instruction, or behind the store.
 */
export type TaskEventListener = (event: TaskEvent, hit: TracepointHit) => boolean;

/** Where observers of executors report what tasks do: it goes to the trace, and to those who wait for it. */
export class TaskEvents {
  /** Replaced, never changed: a listener may add and remove others while it is called. */
  private listeners: readonly TaskEventListener[] = [];
  private readonly pollSources: (() => TaskIndex | undefined)[] = [];

  constructor(readonly trace: Trace) {}

  /** The task that is being polled, innermost if an interrupt's executor has broken into another poll. */
  get polledTask(): TaskIndex | undefined {
    for (const source of this.pollSources) {
      const task = source();
      if (task !== undefined) return task;
    }
    return undefined;
  }

  /** An observer says how to ask it for the task that is being polled. */
  addPollSource(source: () => TaskIndex | undefined): void {
    this.pollSources.push(source);
  }

  /** Reports an event of a tracepoint. Whether the target shall stop here: what `onHit` has to return. */
  record(hit: TracepointHit, kind: EventKind, task: TaskIndex, payload: number): boolean {
    this.trace.events.append(hit.time, kind, task, payload);
    if (this.listeners.length === 0) return false;
    const event = { kind, task, payload };
    let stops = false;
    for (const listener of this.listeners) {
      if (listener(event, hit)) stops = true;
    }
    return stops;
  }

  listen(listener: TaskEventListener): Removable {
    this.listeners = [...this.listeners, listener];
    return { remove: () => void (this.listeners = this.listeners.filter((other) => other !== listener)) };
  }
}
