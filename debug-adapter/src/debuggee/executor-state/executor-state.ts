import { type Nanoseconds, nanoseconds } from "../../base/brand";
import type { CoreSummary } from "../../trace/task-summary";
import { type FirmwareRam, firmwareRam } from "../firmware-ram";
import type { Inspection } from "../inspection";
import { isRam } from "../pico";
import { threadDescriptions } from "../threads";
import { timeAsleep } from "./core-times";
import { type RunQueuesView, runQueues } from "./run-queues";
import { type TaskPoolView, taskPools } from "./task-pools";
import { type TimerQueueView, timerQueue } from "./timer-queue";

/** What the executors of a debuggee are about to do, what their tasks take of memory, and how much the core sleeps. */
export interface ExecutorState {
  /** What the core does: `asleep`, `polling blink_task`; empty for anything else. */
  readonly core: string;
  readonly run: RunQueuesView;
  readonly timers: TimerQueueView;
  readonly pools: readonly TaskPoolView[];
  readonly ram: FirmwareRam & {
    /** What all statics take, those of the tasks among them. */
    readonly staticBytes: number;
  };
  /** Since power-on. */
  readonly whole: CoreSummary & { readonly timePolling: Nanoseconds };
  /** The end of it. */
  readonly recent: { readonly duration: Nanoseconds; readonly timeAsleep: Nanoseconds };
}

/** How far back `recent` reaches. */
const RECENT = 1e9;

/** Reads all of that at the instant of an inspection. */
export function executorState(inspection: Inspection): ExecutorState {
  const { debuggee, knowledge } = inspection;
  const { embassy, firmware, trace } = debuggee;
  const to = trace.endTime;
  const from = Math.max(0, to - RECENT);
  const isAsleep = knowledge.history.isAsleep();
  return {
    core: threadDescriptions(inspection).core.split(" · ")[1] ?? "",
    run: runQueues(inspection),
    timers: timerQueue(inspection),
    pools: embassy === undefined ? [] : taskPools(inspection, embassy),
    ram: { ...firmwareRam(firmware.elf), staticBytes: staticBytes(inspection) },
    whole: knowledge.history.coreSummary(),
    recent: {
      duration: nanoseconds(to - from),
      timeAsleep: timeAsleep(trace.events, { from, to, isAsleep }),
    },
  };
}

function staticBytes({ debuggee }: Inspection): number {
  return debuggee.firmware.elf.sections
    .filter(({ address }) => isRam(address))
    .reduce((sum, { size }) => sum + size, 0);
}
