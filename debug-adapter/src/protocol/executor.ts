/** Names of tasks and statics are as in the source; times are virtual time in nanoseconds, sizes bytes. */
export interface ExecutorBody {
  /** The instant of all of it. */
  readonly time: number;
  /** What the core does: `asleep`, `polling blink_task`; empty for anything else. */
  readonly core: string;
  readonly executors: Known<{ readonly list: readonly ProtocolExecutor[] }>;
  readonly timers: Known<{ readonly entries: readonly ProtocolTimer[] }>;
  /** The memory for tasks, the largest first. */
  readonly pools: readonly ProtocolPool[];
  readonly ram: ProtocolRam;
  /** Since power-on; null where nobody has watched. What is neither slept nor polled nor spent in interrupts is the executor's own, and the start. */
  readonly whole: {
    readonly duration: number;
    readonly asleep: number;
    readonly polling: number;
    readonly interrupts: number;
  } | null;
  /** The last second of it. */
  readonly recent: { readonly duration: number; readonly asleep: number } | null;
}

/** Something that is known, or the reason why it is not: a clause for a reader. */
export type Known<Facts> =
  ({ readonly kind: "known" } & Facts) | { readonly kind: "unknown"; readonly reason: string };

export interface ProtocolExecutor {
  readonly address: string;
  /** The full name of the static that it lies in. */
  readonly name: string | null;
  /** The interrupt that its tasks are polled in; null for one in thread mode, or where that is not known. */
  readonly interrupt: string | null;
  /** The task that it polls. */
  readonly polled: { readonly threadId: number; readonly name: string } | null;
  /** In the order in which it will poll them. */
  readonly queue: readonly ProtocolQueueEntry[];
  /** Why the order may be another: a clause for a reader; null where it is certain. */
  readonly doubt: string | null;
}

export interface ProtocolQueueEntry {
  readonly threadId: number;
  readonly name: string;
  /**
   * `now`: it has been taken out, and its poll is about to begin. `this`: it will be polled in the round that is under
   * way. `next`: in the one after it; what is woken until then comes before it.
   */
  readonly round: "now" | "this" | "next";
  /** It is being woken at this instant. */
  readonly isArriving: boolean;
  /** Since when it has been ready; null where nobody has watched. */
  readonly since: number | null;
  /** Who has woken it; null for one that has been spawned and not woken. */
  readonly wokenBy: string | null;
}

export interface ProtocolTimer {
  readonly threadId: number;
  readonly name: string;
  /** When it is due, to a microsecond; null for never. */
  readonly dueAt: number | null;
  /** Whether the task awaits a timer now; null where that is not known, as while it is polled. */
  readonly isAwaited: boolean | null;
}

export interface ProtocolPool {
  /** The task function's name. */
  readonly name: string;
  /** The full name of the static. */
  readonly staticName: string | null;
  readonly address: string;
  readonly slotBytes: number;
  readonly headerBytes: number;
  /** Null if the future was not found. */
  readonly futureBytes: number | null;
  readonly slots: readonly ProtocolSlot[];
  /** How many slots have ever held a task. */
  readonly everUsed: number;
}

export interface ProtocolSlot {
  readonly threadId: number;
  readonly state: "unspawned" | "ready" | "running" | "suspended" | "ended";
  /** How much of the future its present state keeps; null while it is polled, without a task, and where not known. */
  readonly keptBytes: number | null;
}

export interface ProtocolRam {
  readonly bytes: number;
  /** Whose: what the linker script gives the firmware, or all that the chip has. */
  readonly of: "linker" | "chip";
  /** What all statics take, those of the tasks among them. */
  readonly staticBytes: number;
}
