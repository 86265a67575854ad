import { hexAddress } from "../../base/hex-address";
import { executorState } from "../../debuggee/executor-state/executor-state";
import type { Inspection } from "../../debuggee/inspection";
import type { ExecutorBody, ProtocolExecutor, ProtocolPool, ProtocolTimer } from "../../protocol/executor";
import type { TaskIndex } from "../../trace/event";
import { wakeSourceWords } from "../../trace/event-words";
import type { Launched } from "../launched";

type State = ReturnType<typeof executorState>;
type Executor = Extract<State["run"], { kind: "known" }>["executors"][number];
type Timer = Extract<State["timers"], { kind: "known" }>["entries"][number];

/** Queues of the executors, memory of the tasks, and how much the core sleeps; of this instant, also while it runs. */
export async function executor(launched: Launched): Promise<ExecutorBody> {
  const inspection = await launched.look();
  const state = executorState(inspection);
  const { isObserved } = launched.debuggee;
  const { core, run, timers, pools, ram, whole, recent } = state;
  return {
    time: launched.debuggee.target.now,
    core,
    executors:
      run.kind === "unknown"
        ? run
        : { kind: "known", list: run.executors.map((each) => toExecutor(launched, inspection, each)) },
    timers:
      timers.kind === "unknown"
        ? timers
        : { kind: "known", entries: timers.entries.map((each) => toTimer(launched, each)) },
    pools: pools.map((each) => toPool(launched, each)),
    ram,
    whole: isObserved
      ? {
          duration: whole.duration,
          asleep: whole.timeAsleep,
          polling: whole.timePolling,
          interrupts: whole.timeInInterrupts,
        }
      : null,
    recent: isObserved ? { duration: recent.duration, asleep: recent.timeAsleep } : null,
  };
}

function toExecutor(
  launched: Launched,
  { tasks, knowledge }: Inspection,
  { address, staticName, interrupt, polled, queue, doubt }: Executor,
): ProtocolExecutor {
  const { trace } = launched.debuggee;
  return {
    address: hexAddress(address),
    name: staticName,
    interrupt,
    polled: polled === null ? null : named(launched, polled),
    queue: queue.map(({ task, round, isArriving }) => {
      const wake = knowledge.history.lastWakeOf(task);
      const { kind, since } = tasks[task]!.state;
      return {
        ...named(launched, task),
        round,
        isArriving,
        // A task that wakes itself is ready as soon as its poll is over.
        since: Number.isNaN(since) ? null : kind === "running" ? (wake?.time ?? since) : since,
        wokenBy: wake === undefined ? null : wakeSourceWords(trace, wake.source),
      };
    }),
    doubt,
  };
}

function toTimer(launched: Launched, { task, dueAt, isAwaited }: Timer): ProtocolTimer {
  return { ...named(launched, task), dueAt, isAwaited };
}

function toPool(launched: Launched, pool: State["pools"][number]): ProtocolPool {
  return {
    ...pool,
    address: hexAddress(pool.address),
    slots: pool.slots.map(({ task, state, keptBytes }) => ({
      threadId: threadOf(launched, task),
      state,
      keptBytes,
    })),
  };
}

function named(launched: Launched, task: TaskIndex): { readonly threadId: number; readonly name: string } {
  return { threadId: threadOf(launched, task), name: launched.debuggee.trace.tasks[task]!.name };
}

function threadOf({ threads, debuggee }: Launched, task: TaskIndex): number {
  return threads.of(task, debuggee.trace);
}
