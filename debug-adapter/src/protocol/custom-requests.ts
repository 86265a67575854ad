import type { FindingsBody } from "./findings";
import type { TimelineArguments, TimelineBody } from "./timeline";

/**
 * The requests that Pollscope's own clients may send besides those of DAP. Each is declared once, here; the adapter
 * answers it and the extension and the tests send it by these types. All times are virtual time in nanoseconds.
 * Requests about what stands still are refused with `notStopped` while the firmware runs.
 */
export interface CustomRequests {
  /** Runs until the next poll begins, of whichever task. */
  "pollscope/nextPoll": { readonly arguments: TaskStepArguments; readonly body: undefined };
  /** Runs until a task is woken, whichever it is. */
  "pollscope/nextWake": { readonly arguments: TaskStepArguments; readonly body: undefined };
  /** Runs until the poll that is under way has returned; if there is none, the next. */
  "pollscope/endOfPoll": { readonly arguments: TaskStepArguments; readonly body: undefined };
  /**
   * Runs until anything happens to the task of a thread: a wake, a poll that begins or ends, its end. Of the core's
   * thread: to any task.
   */
  "pollscope/nextTaskEvent": { readonly arguments: TaskStepArguments; readonly body: undefined };
  /** Every task that has been spawned, with what it awaits. */
  "pollscope/tasks": { readonly arguments: undefined; readonly body: TasksBody };
  /** Why a task is not running. */
  "pollscope/why": { readonly arguments: WhyArguments; readonly body: WhyBody };
  /** The `.await` lines at which tasks are suspended. */
  "pollscope/awaits": { readonly arguments: undefined; readonly body: AwaitsBody };
  /** What is wrong with the tasks, as far as the run has shown; answered while the firmware runs as well. */
  "pollscope/findings": { readonly arguments: undefined; readonly body: FindingsBody };
  /** A question about the tracks of the timeline; answered while the firmware runs as well. */
  "pollscope/timeline": { readonly arguments: TimelineArguments; readonly body: TimelineBody };
}

export type CustomCommand = keyof CustomRequests;

/** Those that ask for something; the others let the firmware run, and have no body. */
export type CustomQuestion = {
  [Command in CustomCommand]: CustomRequests[Command]["body"] extends undefined ? never : Command;
}[CustomCommand];

/** Every custom request, for those who list them at run time. */
export const CUSTOM_COMMANDS: readonly CustomCommand[] = [
  "pollscope/nextPoll",
  "pollscope/nextWake",
  "pollscope/endOfPoll",
  "pollscope/nextTaskEvent",
  "pollscope/tasks",
  "pollscope/why",
  "pollscope/awaits",
  "pollscope/findings",
  "pollscope/timeline",
];

/** A step by what tasks do. The response comes at once; the stop is announced as after any step. */
export interface TaskStepArguments {
  /** The thread that the user looks at. */
  readonly threadId: number;
}

/** A line of a source file, by the file's path on this machine; the path in the debug info if it is not here. */
export interface ProtocolPlace {
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

export interface TasksBody {
  /** The instant of the stop. */
  readonly time: number;
  readonly tasks: readonly ProtocolTask[];
}

export type ProtocolTaskState = "ready" | "running" | "suspended" | "ended";

export interface ProtocolTask {
  readonly threadId: number;
  /** `blink_task`, `worker[2]`. */
  readonly name: string;
  readonly state: ProtocolTaskState;
  /** Since when it is in that state. */
  readonly since: number;
  /** What a reader is told of the state: `suspended 312.0 ms more, main.rs:18`. */
  readonly description: string;
  /** The innermost `.await` in the user's own code; null while it is not suspended, or where that is not known. */
  readonly place: ProtocolPlace | null;
  readonly polls: number;
  readonly wakes: number;
  /** Who woke it last: an interrupt's name, a task's, `itself` or `code outside any task`; null before the first wake. */
  readonly lastWake: { readonly source: string; readonly time: number } | null;
  /** Time inside its polls. */
  readonly timeRun: number;
  /** The whole slot: header and future, in bytes. */
  readonly bytes: number;
  /** What it awaits; null while it is being polled, after it has ended, and where its future is not known. */
  readonly future: ProtocolFuture | null;
}

/** A future, with what it awaits in turn. */
export interface ProtocolFuture {
  /** In the words of the source: `blink::nap`, `Select<Input::wait_for_low, Timer>`, `Mutex::lock`. */
  readonly name: string;
  /** Which part of the future around it: `2` for the second branch; null where there is one. */
  readonly label: string | null;
  readonly state: string;
  /** For an async function the line of the `.await` it is parked at. */
  readonly place: ProtocolPlace | null;
  /** For a leaf, what has to happen before it goes on: `timer due in 312.0 ms`. */
  readonly wait: string | null;
  readonly children: readonly ProtocolFuture[];
}

export interface WhyArguments {
  readonly threadId: number;
}

export interface WhyBody {
  /** One clause that ends the chain: `timer due in 312.0 ms`, `nobody holds its waker: it can never run again`. */
  readonly verdict: string;
  /** From the task to who has to act. */
  readonly steps: readonly WhyStep[];
}

export interface WhyStep {
  readonly text: string;
  /** How deep it stands under the first step: branches of a `select` stand side by side. */
  readonly depth: number;
  readonly place: ProtocolPlace | null;
  /** The task that the step is about, where it is another one. */
  readonly threadId: number | null;
}

export interface AwaitsBody {
  readonly time: number;
  readonly places: readonly AwaitPlace[];
}

/** An `.await` line with the tasks that are suspended there, directly or further inside. */
export interface AwaitPlace extends ProtocolPlace {
  readonly tasks: readonly AwaitingTask[];
}

export interface AwaitingTask {
  readonly threadId: number;
  readonly name: string;
  /** `ready` for one that has been woken and is not polled yet. */
  readonly state: "ready" | "suspended";
  /** What is awaited at this line: `Timer`, `blink::nap`. */
  readonly awaiting: string;
  /** What has to happen before it goes on; empty if that is not known. */
  readonly wait: string;
  /** How long it has been suspended. */
  readonly suspendedFor: number;
}
