import type { MemoryView } from "../../../target/target";
import type { TaskIndex } from "../../../trace/event";
import { memoryOf } from "../../../values/memory-copy";
import type { Debuggee } from "../../debuggee";
import { RestingShape } from "./resting-shape";
import { type RestingFuture, RestingTask } from "./resting-futures";

/** A copy of a task's own memory between two of its polls; made anew in the same place each time. */
export class KeptTask {
  private readonly start: number;
  private readonly words: Uint32Array;
  private memory: MemoryView | undefined;
  private whole: RestingShape | undefined;

  constructor(
    private readonly debuggee: Debuggee,
    private readonly task: TaskIndex,
  ) {
    const { address, bytes } = debuggee.trace.tasks[task]!;
    this.start = address;
    this.words = new Uint32Array(Math.ceil(bytes / 4));
  }

  copy(memory: MemoryView): void {
    const { start, words } = this;
    this.whole = undefined;
    this.memory = memory;
    for (let i = 0; i < words.length; i++) words[i] = memory.readUint(start + 4 * i, 4) ?? 0;
  }

  /** All of a coroutine, by its key, as it was when the copy was made; undefined if it was not there. */
  future(key: string): RestingFuture | undefined {
    this.whole ??= this.readWhole();
    return this.whole.get(key);
  }

  private readWhole(): RestingShape {
    const { start, words, memory: rest } = this;
    if (rest === undefined) return new RestingShape([]);
    const copied = memoryOf([{ start, bytes: new Uint8Array(words.buffer) }]);
    const memory: MemoryView = {
      read: (at, length) => copied.read(at, length) ?? rest.read(at, length),
      readUint: (at, size) => copied.readUint(at, size) ?? rest.readUint(at, size),
    };
    return new RestingShape(new RestingTask(this.debuggee, this.task, memory).futures());
  }
}
