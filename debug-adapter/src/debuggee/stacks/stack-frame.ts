import type { FutureNode } from "../../futures/await-tree";
import type { SourcePlace } from "../../symbols/source-files";
import type { TaskIndex } from "../../trace/event";
import type { Frame } from "../../unwind/backtrace";

/** One line of a thread's stack. */
export type StackFrame = MachineStackFrame | AwaitStackFrame | StackLabel;

/** A function that is being executed. */
export interface MachineStackFrame {
  readonly kind: "machine";
  readonly name: string;
  readonly place: SourcePlace | undefined;
  readonly frame: Frame;
  /** Whether it only carries out what a poll is: of no interest to those who look for their own code. */
  readonly isPlumbing: boolean;
  /** The task in whose poll it is executed. */
  readonly task: TaskIndex | undefined;
  /** Whether it is the body of the task itself. */
  readonly isTaskBody: boolean;
}

/** A future that is awaited, or awaits. */
export interface AwaitStackFrame {
  readonly kind: "await";
  readonly name: string;
  readonly place: SourcePlace | undefined;
  readonly node: FutureNode;
  readonly task: TaskIndex;
  /** Whether it is the future of the task itself. */
  readonly isTaskBody: boolean;
}

/** Not a frame: says what those around it are. */
export interface StackLabel {
  readonly kind: "label";
  readonly name: string;
}

/** A label. */
export function stackLabel(name: string): StackLabel {
  return { kind: "label", name };
}
