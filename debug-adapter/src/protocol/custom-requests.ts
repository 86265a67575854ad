import type { AwaitTreeArguments, AwaitTreeBody } from "./await-tree";
import type { BoardArguments, BoardBody, InputArguments, InputBody } from "./board";
import type { ExecutorBody } from "./executor";
import type { FindingsBody } from "./findings";
import type { PollCycleArguments, PollCycleBody } from "./poll-cycle";
import type { StateMachineArguments, StateMachineBody, StateMachinesBody } from "./state-machine";
import type { SaveTraceArguments, SaveTraceBody, TimelineArguments, TimelineBody } from "./timeline";

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
  /** The await trees of all tasks of one instant; answered while the firmware runs as well. */
  "pollscope/awaitTree": { readonly arguments: AwaitTreeArguments; readonly body: AwaitTreeBody };
  /** Queues, memory and sleep of the executors; answered while the firmware runs as well. */
  "pollscope/executor": { readonly arguments: undefined; readonly body: ExecutorBody };
  /** The pins of the board, and what its parts show; answered while the firmware runs as well. */
  "pollscope/board": { readonly arguments: BoardArguments; readonly body: BoardBody };
  /** Does something to the board by hand, at this instant, also while the firmware runs; it is recorded. */
  "pollscope/input": { readonly arguments: InputArguments; readonly body: InputBody };
  /** Every async function of the program, by its number. */
  "pollscope/stateMachines": { readonly arguments: undefined; readonly body: StateMachinesBody };
  /** The states of an async function, and what the run so far tells of them; answered while the firmware runs as well. */
  "pollscope/stateMachine": { readonly arguments: StateMachineArguments; readonly body: StateMachineBody };
  /** The last poll-wake cycle of a task; answered while the firmware runs as well. */
  "pollscope/pollCycle": { readonly arguments: PollCycleArguments; readonly body: PollCycleBody };
  /** A question about the tracks of the timeline; answered while the firmware runs as well. */
  "pollscope/timeline": { readonly arguments: TimelineArguments; readonly body: TimelineBody };
  /** Writes the trace so far to a file; answered while the firmware runs as well. */
  "pollscope/saveTrace": { readonly arguments: SaveTraceArguments; readonly body: SaveTraceBody };
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
  "pollscope/awaitTree",
  "pollscope/executor",
  "pollscope/board",
  "pollscope/input",
  "pollscope/stateMachines",
  "pollscope/stateMachine",
  "pollscope/pollCycle",
  "pollscope/timeline",
  "pollscope/saveTrace",
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
  /** Since when it is in that state; null where nobody has watched it. */
  readonly since: number | null;
  /** What a reader is told of the state: `suspended 312.0 ms more, main.rs:18`. */
  readonly description: string;
  /** The innermost `.await` in the user's own code; null while it is not suspended, or where that is not known. */
  readonly place: ProtocolPlace | null;
  /** Null where nobody has watched. */
  readonly polls: number | null;
  readonly wakes: number | null;
  /** Who woke it last: an interrupt's name, a task's, `itself` or `code outside any task`; null before the first wake. */
  readonly lastWake: { readonly source: string; readonly time: number } | null;
  /** Time inside its polls; null where nobody has watched. */
  readonly timeRun: number | null;
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
  /** For a timer, when it is due, to a microsecond; null for anything else, and for one that is never due. */
  readonly dueAt: number | null;
  /** The threads of the tasks that hold the lock which it waits for. */
  readonly heldBy: readonly number[];
  /** Whether it is of the user's own packages. */
  readonly isOwn: boolean;
  /** What else is to be said of it: a clause. */
  readonly note: string | null;
  readonly children: readonly ProtocolFuture[];
  /** Futures that its variables keep and that it does not await: nobody polls them. Of a state `dropped`: they are gone. */
  readonly kept: readonly ProtocolFuture[];
}

export interface WhyArguments {
  readonly threadId: number;
}

export interface WhyBody {
  /** What it comes to; `none` of the core, which is no task. */
  readonly kind: ProtocolVerdict;
  /** One clause that ends the chain: `timer due in 312.0 ms`, `nobody holds its waker: it can never run again`. */
  readonly verdict: string;
  /** From the task to who has to act. */
  readonly steps: readonly WhyStep[];
}

/**
 * `timer`: one is set. `lock`: another task has to let go of one, and can. `event`: who holds its waker has to act.
 * `deadlock`: tasks wait for each other in a circle. `lost`: nobody holds its waker, so it can never run again.
 */
export type ProtocolVerdict =
  | "none"
  | "unspawned"
  | "running"
  | "ready"
  | "ended"
  | "timer"
  | "lock"
  | "event"
  | "deadlock"
  | "lost"
  | "unknown";

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
  /** How long it has been suspended; null where nobody has watched. */
  readonly suspendedFor: number | null;
}
