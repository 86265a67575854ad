import type { MemoryView } from "../../../target/target";
import type { TaskIndex } from "../../../trace/event";
import { fillFrom, withCopied } from "../../../values/memory-copy";
import type { Debuggee } from "../../debuggee";
import { RestingShape } from "./resting-shape";
import { type RestingFuture, RestingTask } from "./resting-futures";

/** A copy of a task's own memory between two of its polls; made anew in the same place each time. */
export class KeptTask {
  readonly start: number;
  /** The task's memory as it was. */
  readonly words: Uint32Array;
  /** The whole memory: what is not the task's own as it is now. */
  readonly memory: MemoryView;
  private readonly bytes: Uint8Array;
  private whole: RestingShape | undefined;

  constructor(
    private readonly debuggee: Debuggee,
    private readonly task: TaskIndex,
    /** Read at any time between the copy and the task's next poll. */
    private readonly rest: MemoryView,
  ) {
    const { address, bytes } = debuggee.trace.tasks[task]!;
    this.start = address;
    this.words = new Uint32Array(Math.ceil(bytes / 4));
    this.bytes = new Uint8Array(this.words.buffer, 0, bytes);
    this.memory = withCopied({ start: address, bytes: this.bytes }, rest);
  }

  copy(): void {
    this.whole = undefined;
    if (!fillFrom(this.rest, this.start, this.bytes)) this.bytes.fill(0);
  }

  /** All of a coroutine, by its key, as it was when the copy was made; undefined if it was not there. */
  future(key: string): RestingFuture | undefined {
    this.whole ??= new RestingShape(new RestingTask(this.debuggee, this.task, this.memory).futures());
    return this.whole.get(key);
  }
}
