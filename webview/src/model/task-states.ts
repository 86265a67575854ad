import { EventKind, type SuspensionIndex, UNKNOWN_SUSPENSION, unpackPollEnd } from "#adapter/trace/event";
import type { Suspension, Trace } from "#adapter/trace/trace";

/** What a task is doing at some instant. */
export type TaskState =
  | { readonly kind: "never spawned" }
  /** Spawned or woken, not yet polled. */
  | { readonly kind: "ready" }
  | { readonly kind: "running" }
  | { readonly kind: "suspended"; readonly suspension: Suspension | undefined }
  | { readonly kind: "ended" };

const NEVER_SPAWNED = 0;
const READY = 1;
const RUNNING = 2;
/** Woken while it runs: ready as soon as its poll ends. */
const RUNNING_AND_WOKEN = 3;
const SUSPENDED = 4;
const ENDED = 5;

/** The state of every task at the end of the trace. */
export function finalStates(trace: Trace): TaskState[] {
  const { events, tasks } = trace;
  const states = new Uint8Array(tasks.length);
  const suspensions = new Uint32Array(tasks.length).fill(UNKNOWN_SUSPENSION);
  for (let row = 0; row < events.length; row++) {
    const task = events.task(row);
    const state = states[task];
    if (state === undefined) continue;
    const payload = events.payload(row);
    states[task] = after(state, events.kind(row), payload);
    if (states[task] === SUSPENDED && state !== SUSPENDED)
      suspensions[task] = unpackPollEnd(payload).suspension;
  }
  return tasks.map((_, task) => stateOf(trace, states[task]!, suspensions[task]! as SuspensionIndex));
}

function after(state: number, kind: EventKind, payload: number): number {
  switch (kind) {
    case EventKind.Spawn:
      return READY;
    case EventKind.Wake:
      if (state === RUNNING) return RUNNING_AND_WOKEN;
      return state === SUSPENDED || state === NEVER_SPAWNED ? READY : state;
    case EventKind.PollBegin:
      return RUNNING;
    case EventKind.PollEnd:
      if (unpackPollEnd(payload).result === "ready") return ENDED;
      return state === RUNNING_AND_WOKEN ? READY : SUSPENDED;
    case EventKind.TaskEnd:
      return ENDED;
    default:
      return state;
  }
}

function stateOf(trace: Trace, state: number, suspension: SuspensionIndex): TaskState {
  switch (state) {
    case READY:
      return { kind: "ready" };
    case RUNNING:
    case RUNNING_AND_WOKEN:
      return { kind: "running" };
    case SUSPENDED:
      return { kind: "suspended", suspension: trace.suspension(suspension) };
    case ENDED:
      return { kind: "ended" };
    default:
      return { kind: "never spawned" };
  }
}
