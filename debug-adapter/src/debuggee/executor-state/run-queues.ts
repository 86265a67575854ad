import { address } from "../../base/brand";
import {
  executorOf,
  findRunQueue,
  type QueueScene,
  readRunQueues,
  type RunQueueLayout,
} from "../../executor/embassy/run-queue";
import { isFlagSet, type EmbassyLayout } from "../../executor/embassy/layout";
import { interruptException } from "../../target/architecture";
import { EventKind, NO_TASK, type TaskIndex } from "../../trace/event";
import type { Trace } from "../../trace/trace";
import type { Frame } from "../../unwind/backtrace";
import type { Inspection } from "../inspection";

/** An executor and its queue. */
export interface ExecutorView {
  readonly address: number;
  /** The full name of the static that it lies in; null where the debug info has none. */
  readonly staticName: string | null;
  /** The interrupt that its tasks are polled in; null for one in thread mode, or where that is not known. */
  readonly interrupt: string | null;
  /** The task that it polls. */
  readonly polled: TaskIndex | null;
  /** In the order in which it will poll them. */
  readonly queue: readonly QueueEntryView[];
  /** Why the order may be another: a clause for a reader. */
  readonly doubt: string | null;
}

export interface QueueEntryView {
  readonly task: TaskIndex;
  /** `now`: it has been taken out, and its poll is about to begin. */
  readonly round: "now" | "this" | "next";
  /** It is being woken at this instant. */
  readonly isArriving: boolean;
}

/** The reason why they are not known is a clause for a reader. */
export type RunQueuesView =
  | { readonly kind: "known"; readonly executors: readonly ExecutorView[] }
  | { readonly kind: "unknown"; readonly reason: string };

/** The run queues of Embassy's executors, as they lie in memory. */
export function runQueues(inspection: Inspection): RunQueuesView {
  const { embassy, handWritten, firmware } = inspection.debuggee;
  if (embassy === undefined) {
    const reason =
      handWritten === undefined
        ? "no executor was found in the firmware"
        : "the executor is written by hand: what it keeps its tasks in is its own matter";
    return { kind: "unknown", reason };
  }
  const layout = findRunQueue(firmware.program);
  if (layout.kind === "unknown") return layout;
  const scene = sceneOf(inspection, embassy);
  const found = readRunQueues(layout, scene);
  return { kind: "known", executors: found.map((each) => view(each, { inspection, scene, layout })) };
}

function view(
  { executor, tasks: queue, doubt }: ReturnType<typeof readRunQueues>[number],
  {
    inspection,
    scene,
    layout,
  }: { readonly inspection: Inspection; readonly scene: QueueScene; readonly layout: RunQueueLayout },
): ExecutorView {
  const { debuggee, tasks } = inspection;
  const { trace, firmware } = debuggee;
  const rowOf = (header: number) => trace.tasks.findIndex((each) => each.address === header) as TaskIndex;
  const own = trace.tasks.flatMap((each, row) =>
    executorOf(scene, each.address) === executor ? [row as TaskIndex] : [],
  );
  // Between being taken out and being polled a task is in no queue.
  const due = own.filter(
    (row) =>
      tasks[row]!.state.kind === "ready" &&
      !isFlagSet(scene.memory, trace.tasks[row]!.address, scene.header.runQueued),
  );
  return {
    address: executor,
    staticName: firmware.program.statics.at(address(executor))?.name ?? null,
    interrupt: interruptOf(executor, scene, layout, trace),
    polled: own.find((row) => tasks[row]!.state.kind === "running") ?? null,
    queue: [
      ...due.map((task): QueueEntryView => ({ task, round: "now", isArriving: false })),
      ...queue.map(({ header, round, isArriving }) => ({ task: rowOf(header), round, isArriving })),
    ],
    doubt,
  };
}

/**
 * An executor in an interrupt keeps the number of that where one in thread mode keeps all ones (embassy-executor,
 * `platform/cortex_m.rs`).
 */
function interruptOf(
  executor: number,
  { memory }: QueueScene,
  { penderOffset }: RunQueueLayout,
  trace: Trace,
): string | null {
  const line = penderOffset === undefined ? undefined : memory.readUint(executor + penderOffset, 4);
  return line === undefined || line >= INTERRUPT_LINES ? null : trace.exceptionName(interruptException(line));
}

/** Of an ARMv6-M (Architecture Reference Manual B3.4). */
const INTERRUPT_LINES = 32;

function sceneOf(inspection: Inspection, { header, pollFunctions }: EmbassyLayout): QueueScene {
  const { debuggee, tasks, reader, backtrace } = inspection;
  const { trace, firmware } = debuggee;
  const alive = new Set(
    trace.tasks.flatMap((each, row) => {
      const { kind } = tasks[row]!.state;
      return kind === "unspawned" || kind === "ended" ? [] : [each.address];
    }),
  );
  const entries = new Set<number>(pollFunctions);
  const isPoll = ({ isInlined, machine }: Frame) =>
    !isInlined && entries.has(firmware.program.functions.at(machine.lookupPc)?.address ?? -1);
  return {
    memory: reader.memory,
    header,
    headers: trace.tasks.map((each) => each.address),
    isAlive: (at) => alive.has(at),
    wokenLast: wokenLast(trace),
    isTakingOut: isTakingOut(backtrace.frames, isPoll),
  };
}

/** The header of the task that was woken or spawned, if nothing has happened to any task since. */
function wokenLast({ events, tasks }: Trace): number | undefined {
  for (let row = events.length - 1; row >= 0; row--) {
    const task = events.task(row);
    if (task === NO_TASK) continue;
    const kind = events.kind(row);
    return kind === EventKind.Wake || kind === EventKind.Spawn ? tasks[task]?.address : undefined;
  }
  return undefined;
}

/** Whether an executor goes along its queue and polls no task, interrupted or not. */
function isTakingOut(frames: readonly Frame[], isPoll: (frame: Frame) => boolean): boolean {
  let isPolled = false;
  for (const frame of frames) {
    if (frame.kind === "exception") isPolled = false;
    else if (isPoll(frame)) isPolled = true;
    else if (!isPolled && frame.function?.path === "embassy_executor::raw::run_queue::RunQueue::dequeue_all")
      return true;
  }
  return false;
}
