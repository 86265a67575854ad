import type { MemoryView } from "../../../target/target";
import type { SuspensionIndex, TaskIndex } from "../../../trace/event";
import type { Debuggee } from "../../debuggee";
import { areUnchanged, type ReadBytes, RecordedReads } from "./recorded-reads";
import { RestingShape } from "./resting-shape";
import { RestingTask } from "./resting-futures";

/** Shapes of one task at one await that are remembered. */
const MOST_SHAPES = 8;

interface KnownShape {
  readonly reads: ReadBytes;
  readonly shape: RestingShape;
}

/**
 * The coroutines of suspended tasks, without what leaves wait for. A task comes back to the same few shapes again and
 * again, so each is decoded once, and known again by the bytes that it was decoded from.
 */
export class RestingShapes {
  private readonly known = new Map<number, KnownShape[]>();

  constructor(private readonly debuggee: Debuggee) {}

  /**
   * The shape of a task, with values of an earlier moment of the same shape.
   * @param memory as the task's last poll has left it
   */
  at(task: TaskIndex, suspension: SuspensionIndex, memory: MemoryView): RestingShape {
    // Suspensions are numbered within 31 bits, since the end of a poll has one and a bit beside it.
    const key = task * 2 ** 31 + suspension;
    let shapes = this.known.get(key);
    if (shapes === undefined) this.known.set(key, (shapes = []));
    for (const each of shapes) if (areUnchanged(each.reads, memory)) return each.shape;
    const recorded = new RecordedReads(memory);
    const shape = new RestingShape(new RestingTask(this.debuggee, task, recorded, "shape").futures());
    const reads = recorded.all();
    if (reads === undefined) return shape;
    if (shapes.length >= MOST_SHAPES) shapes.shift();
    shapes.push({ reads, shape });
    return shape;
  }
}
