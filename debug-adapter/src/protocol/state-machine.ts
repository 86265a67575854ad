import type { SourcePlace } from "../trace/trace";

/** Every async function of the program, for a reader to choose from. */
export interface StateMachinesBody {
  readonly machines: readonly MachineName[];
}

export interface MachineName {
  /** Its number in this program, which `pollscope/stateMachine` is asked with. */
  readonly machine: number;
  readonly kind: "fn" | "block" | "closure";
  /** As a programmer would say it: `blink::nap`. Instances of a generic one differ in `generics` only. */
  readonly name: string;
  /** With their brackets, or "". */
  readonly generics: string;
  /** Whether it is of the user's own crates. */
  readonly isOwn: boolean;
  /** The Embassy task whose body it is. */
  readonly task: string | null;
  readonly place: SourcePlace | null;
  /** Of its future. */
  readonly bytes: number;
  readonly suspendPoints: number;
}

/**
 * Which async function: its number, or the thread of the task whose body it is; the core's thread stands for the task
 * that it polls, or that something has happened to last. The number counts if both are there.
 */
export interface StateMachineArguments {
  readonly machine?: number | null;
  readonly threadId?: number | null;
}

export interface StateMachineBody extends MachineName {
  /** The instant that `history` and `instances` are of. */
  readonly time: number;
  readonly alignment: number;
  /** Before the first poll, the suspend points in the order of the source, behind the end, behind a panic. */
  readonly states: readonly ProtocolState[];
  /** The state that keeps most, as a row of `states`. */
  readonly largest: number | null;
  /** Bytes that no state of that size explains: the number of the state, gaps, places that only other states use. */
  readonly otherBytes: number;
  /** For each variable of the largest state; what saves most comes first. */
  readonly savings: readonly ProtocolSaving[];
  readonly history: ProtocolHistory;
  readonly instances: readonly ProtocolInstance[];
  /** The tasks of the run whose bodies are known, and those bodies: what else could be looked at. */
  readonly tasks: readonly TaskMachine[];
}

export interface TaskMachine {
  readonly threadId: number;
  readonly name: string;
  readonly machine: number;
}

export interface ProtocolState {
  readonly kind: "unresumed" | "suspended" | "returned" | "panicked";
  /** As the compiler calls it: `Suspend0`. */
  readonly name: string;
  /** Of a suspend point the line of its `.await`. */
  readonly place: SourcePlace | null;
  /** What is awaited there: `Timer`, `blink::nap`. */
  readonly awaiting: string | null;
  /** The number of the async function that is awaited there; null if it is none. */
  readonly awaited: number | null;
  /** That what is kept takes; what lies in another value is counted once. */
  readonly bytes: number;
  readonly saved: readonly ProtocolSaved[];
}

export interface ProtocolSaved {
  readonly name: string;
  readonly role: "variable" | "reference" | "drop-flag" | "temporary" | "awaitee";
  readonly type: string;
  /** In bytes, from the start of the future. */
  readonly offset: number;
  readonly bytes: number;
  /** Bytes of it that lie in no value before it. */
  readonly ownBytes: number;
  /** Whether only a drop flag says, at run time, if it is still there. */
  readonly mayBeDropped: boolean;
}

/** What one variable costs: by how much the future shrinks, at most, if it no longer lives there. */
export interface ProtocolSaving {
  readonly name: string;
  /** Its own, in the largest state. */
  readonly bytes: number;
  readonly atMost: number;
  /** The state that needs most then, as a row of `states`: it is why no more is saved. */
  readonly largestThen: number;
}

/** What the run so far has shown. */
export interface ProtocolHistory {
  /** Whether tasks have it as their body. Else it is seen where the chain of awaits leads to it at the end of a poll. */
  readonly isTaskBody: boolean;
  readonly transitions: readonly ProtocolTransition[];
  readonly stays: readonly ProtocolStay[];
  /** Polls behind which it is not known where it stood. */
  readonly unknownPolls: number;
}

/** Polls that have found it in one state and left it in another. */
export interface ProtocolTransition {
  /** Rows of `states`; null: not known. */
  readonly from: number | null;
  readonly to: number | null;
  readonly count: number;
  /** Of the whole polls. */
  readonly pollTime: number;
  /** When the last of them ended. */
  readonly lastAt: number;
  /** Whether it was one future. Else it may have ended in between, and another begun. */
  readonly isCertain: boolean;
}

/** The times that it stood in a state until a poll took it on. */
export interface ProtocolStay {
  readonly row: number;
  readonly count: number;
  readonly time: number;
  /** Who woke it there, the most frequent first: `TIMER_IRQ_0`, a task's name, `itself`. */
  readonly wokenBy: readonly { readonly source: string; readonly count: number }[];
}

/** A future of it that there is now. */
export interface ProtocolInstance {
  readonly threadId: number;
  readonly task: string;
  /** The row of its state; null where that is not known. */
  readonly row: number | null;
  /**
   * What its task does. `running`: the row is where the poll that is under way has found it. `kept`: a variable keeps
   * it, and nobody awaits it now.
   */
  readonly standing: "suspended" | "ready" | "running" | "kept" | "ended";
  /** Why its state is not known: a clause. */
  readonly note: string | null;
}
