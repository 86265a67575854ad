import type { Program } from "../../symbols/program";
import { memberAt } from "../../symbols/types/member-access";
import type { MemoryView } from "../../target/target";
import { type HeaderLayout, isFlagSet } from "./layout";

/**
 * How an executor's run queue is laid out: a list that is linked through the headers of its tasks.
 *
 *     SyncExecutor      TaskHeader        TaskHeader
 *     run_queue.head -> run_queue_item -> run_queue_item -> 0
 *
 * Each task is put before the others. To poll, the executor takes the whole list and goes along it; the head is empty
 * then, and what is woken meanwhile makes the list of the next round (embassy-executor, `raw/run_queue.rs`).
 */
export interface RunQueueLayout {
  readonly kind: "linked";
  /** The pointer to the first task, from the start of the executor. */
  readonly headOffset: number;
  /** The pointer to the next task, from the start of the task's header. */
  readonly nextOffset: number;
  /** What the executor gives to the function that makes it run, from its start; undefined if it was not found. */
  readonly penderOffset: number | undefined;
}

/** The reason is a clause for a reader. */
export type RunQueueKnowledge = RunQueueLayout | { readonly kind: "unknown"; readonly reason: string };

const RAW = "embassy_executor::raw";

/** Learns from the debug info where the run queue is. */
export function findRunQueue(program: Program): RunQueueKnowledge {
  const executor = program.types.named(`${RAW}::SyncExecutor`);
  const header = program.types.named(`${RAW}::TaskHeader`);
  if (executor === undefined || header === undefined) {
    return { kind: "unknown", reason: "the debug info does not describe Embassy's executor" };
  }
  const metadata = memberAt(header, ["metadata"]);
  const sorted = ["priority", "deadline"].find(
    (name) => metadata !== undefined && memberAt(metadata.type, [name]) !== undefined,
  );
  if (sorted !== undefined) {
    return { kind: "unknown", reason: `this executor polls by ${sorted}, and not in the order of its queue` };
  }
  const head = memberAt(executor, ["run_queue", "head"]);
  const next = memberAt(header, ["run_queue_item", "next"]);
  if (head?.type.byteSize !== 4 || next?.type.byteSize !== 4) {
    return { kind: "unknown", reason: "its run queue is linked in a way that is not known" };
  }
  return {
    kind: "linked",
    headOffset: head.offset,
    nextOffset: next.offset,
    penderOffset: memberAt(executor, ["pender"])?.offset,
  };
}

/** A task in a run queue. */
export interface QueuedTask {
  readonly header: number;
  /** `this`: the executor has taken it already, to be polled in this round. `next`: when that is over. */
  readonly round: "this" | "next";
  /** It is being woken at this instant: its flag is set, and its link is about to be. */
  readonly isArriving: boolean;
}

export interface ExecutorQueue {
  readonly executor: number;
  /** In the order in which they will be polled. */
  readonly tasks: readonly QueuedTask[];
  /** Why the order may be another: a clause for a reader; null where it is certain. */
  readonly doubt: string | null;
}

/** What a run queue is read from: memory, and what was seen of the run so far. */
export interface QueueScene {
  readonly memory: MemoryView;
  readonly header: HeaderLayout;
  /** Where the headers of all tasks begin. */
  readonly headers: readonly number[];
  /** Whether a task was spawned and has not ended, as far as was seen. */
  readonly isAlive: (header: number) => boolean;
  /** The header of the task that was woken or spawned last. */
  readonly wokenLast: number | undefined;
  /** Whether an executor is just taking a task out of its queue. */
  readonly isTakingOut: boolean;
}

/** The run queues of all executors that tasks have been spawned on, by their addresses. */
export function readRunQueues(layout: RunQueueLayout, scene: QueueScene): ExecutorQueue[] {
  const executors = new Set<number>();
  for (const header of scene.headers) {
    const executor = executorOf(scene, header);
    if (executor !== undefined) executors.add(executor);
  }
  return [...executors].sort((a, b) => a - b).map((executor) => new Queue(executor, layout, scene).read());
}

/** The executor that a task was spawned on last; undefined if it never was, or that cannot be read. */
export function executorOf({ memory, header }: QueueScene, at: number): number | undefined {
  const { executorOffset } = header;
  const executor = executorOffset === undefined ? undefined : memory.readUint(at + executorOffset, 4);
  return executor === 0 ? undefined : executor;
}

class Queue {
  constructor(
    private readonly executor: number,
    private readonly layout: RunQueueLayout,
    private readonly scene: QueueScene,
  ) {}

  read(): ExecutorQueue {
    const { memory, headers, header, isAlive } = this.scene;
    const next = this.chainFrom(memory.readUint(this.executor + this.layout.headOffset, 4) ?? 0);
    const outside = headers.filter(
      (at) =>
        isFlagSet(memory, at, header.runQueued) &&
        executorOf(this.scene, at) === this.executor &&
        !next.tasks.includes(at),
    );
    const arriving = outside.find((at) => this.isArriving(at, outside));
    const firsts = outside.filter((at) => at !== arriving && !this.isLinkedFrom(outside, at));
    // A slot that is alone and not alive is being claimed for a task that has not been spawned.
    const rounds = firsts.map((first) => this.chainFrom(first)).filter(({ tasks }) => tasks.some(isAlive));
    const tasks: QueuedTask[] = [
      ...rounds.flatMap((round) => round.tasks).map((at) => queued(at, "this")),
      ...(arriving === undefined ? [] : [{ ...queued(arriving, "next"), isArriving: true }]),
      ...next.tasks.map((at) => queued(at, "next")),
    ];
    const [damage] = [...rounds, next].map(({ doubt }) => doubt).filter((each) => each !== null);
    const doubt = rounds.length > 1 ? "the executor is changing its queue at this instant" : damage;
    // What has ended while it was queued is taken out without a poll.
    return {
      executor: this.executor,
      tasks: tasks.filter(({ header: at }) => isAlive(at)),
      doubt: doubt ?? null,
    };
  }

  /** A wake sets the flag first, and then puts the task before the others. */
  private isArriving(at: number, outside: readonly number[]): boolean {
    const { wokenLast, isTakingOut } = this.scene;
    return at === wokenLast && !isTakingOut && this.linkOf(at) === 0 && !this.isLinkedFrom(outside, at);
  }

  private isLinkedFrom(others: readonly number[], header: number): boolean {
    return others.some((other) => this.linkOf(other) === header);
  }

  /** The tasks along the links; damaged memory ends it. */
  private chainFrom(first: number): { readonly tasks: number[]; readonly doubt: string | null } {
    const tasks: number[] = [];
    for (let at = first; at !== 0; at = this.linkOf(at)) {
      if (tasks.includes(at)) return { tasks, doubt: "its links lead in a circle" };
      if (!this.scene.headers.includes(at)) return { tasks, doubt: "its links lead to what is no task" };
      tasks.push(at);
    }
    return { tasks, doubt: null };
  }

  private linkOf(header: number): number {
    return this.scene.memory.readUint(header + this.layout.nextOffset, 4) ?? 0;
  }
}

function queued(header: number, round: QueuedTask["round"]): QueuedTask {
  return { header, round, isArriving: false };
}
