import type { TaskIndex } from "../trace/event";
import type { TaskInfo, Trace } from "../trace/trace";

/** The thread that stands for the core. */
export const CORE_THREAD = 1;
const FIRST_TASK_THREAD = CORE_THREAD + 1;

/** What a thread stands for. */
export type ThreadSubject = { readonly kind: "core" } | { readonly kind: "task"; readonly task: TaskIndex };

/**
 * The numbers of threads. A task keeps its number for the whole session, restarts included, and no other task ever
 * gets it: a task is the same if it has the same name in the same place.
 */
export class ThreadIds {
  private readonly ids = new Map<string, number>();
  /** The tasks in the order of their numbers. */
  private readonly numbered: Pick<TaskInfo, "name" | "address">[] = [];

  of(task: TaskIndex, { tasks }: Trace): number {
    const { name, address } = tasks[task]!;
    const key = `${name}@${address}`;
    let id = this.ids.get(key);
    if (id === undefined) {
      id = FIRST_TASK_THREAD + this.numbered.push({ name, address }) - 1;
      this.ids.set(key, id);
    }
    return id;
  }

  /** Undefined if there is no such thread in this run. */
  subjectOf(threadId: number, trace: Trace): ThreadSubject | undefined {
    if (threadId === CORE_THREAD) return { kind: "core" };
    const wanted = this.numbered[threadId - FIRST_TASK_THREAD];
    if (wanted === undefined) return undefined;
    const task = trace.tasks.findIndex(
      ({ name, address }) => name === wanted.name && address === wanted.address,
    );
    return task < 0 ? undefined : { kind: "task", task: task as TaskIndex };
  }
}
