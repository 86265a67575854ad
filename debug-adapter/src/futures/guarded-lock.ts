/** A lock that a saved guard refers to. */
export interface GuardedLock {
  readonly address: number;
  /** Of the lock, in bytes, with what it guards; of a `RefCell` only its count. */
  readonly byteSize: number;
  /** What the lock itself says: whether anybody holds it in the way that this guard would. */
  readonly isTaken: boolean | undefined;
  /** Whether there can only be one such guard. */
  readonly isExclusive: boolean;
  /** What happens to a task that meets the lock taken. */
  readonly meeting: Meeting;
  /** What the guard is one of, in few words: `RefCell`, `spin lock`. */
  readonly lockWords: string;
}

/** What happens to a task that wants a lock which another task holds. */
export type Meeting =
  /** It is suspended until the lock is free. */
  | "waits"
  /** It panics, or gets an error. */
  | "fails"
  /** It keeps the core until the lock is free, which never happens while the holder is suspended. */
  | "blocks";

/** Whether no task can wait for a lock. */
export function isBlocking({ meeting }: Pick<GuardedLock, "meeting">): boolean {
  return meeting !== "waits";
}
