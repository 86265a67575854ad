import type { TaskIndex } from "../trace/event";
import type { Trace } from "../trace/trace";

/** The thread that stands for the core. */
export const CORE_THREAD = 1;

/** What a thread stands for. */
export type ThreadSubject = { readonly kind: "core" } | { readonly kind: "task"; readonly task: TaskIndex };

/**
 * The numbers of threads. A task keeps its number for the whole session, restarts included, and no other task ever
 * gets it: a task is the same if it has the same name in the same place.
 */
export class ThreadIds {
  private readonly ids = new Map<string, number>();

  of(task: TaskIndex, { tasks }: Trace): number {
    const { name, address } = tasks[task]!;
    const key = `${name}@${address}`;
    let id = this.ids.get(key);
    if (id === undefined) {
      id = CORE_THREAD + 1 + this.ids.size;
      this.ids.set(key, id);
    }
    return id;
  }

  /** Undefined if there is no such thread in this run. */
  subjectOf(threadId: number, trace: Trace): ThreadSubject | undefined {
    if (threadId === CORE_THREAD) return { kind: "core" };
    const task = trace.tasks.findIndex((_, row) => this.of(row as TaskIndex, trace) === threadId);
    return task < 0 ? undefined : { kind: "task", task: task as TaskIndex };
  }
}
