import { nanoseconds, type Nanoseconds } from "../base/brand";
import { NO_TASK, type SuspensionIndex, type TaskIndex, UNKNOWN_SUSPENSION } from "./event";
import { EventColumns } from "./event-columns";
import { Interned } from "./interned";

/** A place in the source. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
}

/** One `.await` in the chain of a suspended task. */
export interface AwaitFrame {
  /** The `async fn` or block: `blink::heartbeat`. */
  readonly function: string;
  /** Where it is parked, or null if the debug info does not say. */
  readonly place: SourcePlace | null;
}

/** Where, and on what, a task was suspended. */
export interface Suspension {
  /** The innermost `.await` in the user's own code. */
  readonly place: SourcePlace | null;
  /** What is awaited there: `Timer`, `Mutex::lock`. */
  readonly awaiting: string | null;
  /** The await chain from the task's own function inwards. */
  readonly frames: readonly AwaitFrame[];
}

/** A task: one slot of a task pool. */
export interface TaskInfo {
  /** `blink_task`, or `worker[2]` for the third slot of a pool of several. */
  readonly name: string;
  /** Where the task's header lies in the target's memory. */
  readonly address: number;
  /** The whole slot: header and future, in bytes. */
  readonly bytes: number;
  /** The future alone, in bytes, or null if it is not known. */
  readonly futureBytes: number | null;
  /** Where the task's function is declared. */
  readonly place: SourcePlace | null;
}

/** What the numbers in the event columns refer to. */
export interface TraceTables {
  readonly tasks: readonly TaskInfo[];
  readonly suspensions: readonly (Suspension | null)[];
  readonly strings: readonly string[];
  /** Names of exceptions by number: `TIMER_IRQ_0` for 16. */
  readonly exceptions: Readonly<Record<number, string>>;
}

/** A recording of one run: events, the tables they refer to, and how far it goes. */
export class Trace implements TraceTables {
  readonly events = new EventColumns();
  readonly exceptions: Record<number, string> = {};
  /** The instant up to which nothing is missing. */
  endTime: Nanoseconds = nanoseconds(0);

  private readonly taskTable: TaskInfo[] = [];
  private readonly suspensionTable = new Interned<Suspension | null>((row) => JSON.stringify(row));
  private readonly stringTable = new Interned<string>((row) => row);

  constructor() {
    this.suspensionTable.intern(null);
  }

  get tasks(): readonly TaskInfo[] {
    return this.taskTable;
  }

  get suspensions(): readonly (Suspension | null)[] {
    return this.suspensionTable.rows();
  }

  get strings(): readonly string[] {
    return this.stringTable.rows();
  }

  /** Adds a task; at most 65,535 fit the column. */
  addTask(task: TaskInfo): TaskIndex {
    if (this.taskTable.length >= NO_TASK) return NO_TASK;
    return (this.taskTable.push(task) - 1) as TaskIndex;
  }

  addSuspension(suspension: Suspension): SuspensionIndex {
    return this.suspensionTable.intern(suspension) as SuspensionIndex;
  }

  suspension(index: SuspensionIndex): Suspension | undefined {
    return index === UNKNOWN_SUSPENSION ? undefined : (this.suspensionTable.at(index) ?? undefined);
  }

  addString(text: string): number {
    return this.stringTable.intern(text);
  }

  string(index: number): string {
    return this.stringTable.at(index) ?? "";
  }

  /** An exception's name, or `exception 27` if it has none. */
  exceptionName(exception: number): string {
    return this.exceptions[exception] ?? `exception ${exception}`;
  }
}
