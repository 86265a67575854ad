import type { Nanoseconds } from "#adapter/base/brand";
import { formatDuration } from "#adapter/base/duration";
import { summarize, type TaskSummary } from "#adapter/trace/task-summary";
import type { Trace } from "#adapter/trace/trace";
import type { TextStyle } from "./style";
import { tableLines } from "#adapter/base/text-table";

const COLUMNS = [
  { heading: "task" },
  { heading: "polls", align: "right" },
  { heading: "wakes", align: "right" },
  { heading: "time run", align: "right" },
  { heading: "longest poll", align: "right" },
  { heading: "longest wait", align: "right" },
  { heading: "bytes", align: "right" },
  { heading: "woken by" },
] as const;

/** The table per task and the core's shares, as it ends `pollscope trace`. */
export function summaryLines(trace: Trace, style: TextStyle): string[] {
  const { tasks, core } = summarize(trace);
  const spawned = tasks.filter(({ spawns, polls, wakes }) => spawns + polls + wakes > 0);
  const [heading, ...rows] = tableLines(
    COLUMNS,
    spawned.map((summary) => cells(trace, summary)),
  );
  const silent = tasks.length - spawned.length;
  return [
    style.bold(heading!),
    ...rows,
    ...(silent === 0
      ? []
      : [style.dim(`${silent} more task ${silent === 1 ? "slot was" : "slots were"} never spawned`)]),
    "",
    `core: asleep ${share(core.timeAsleep, core.duration)} of ${formatDuration(core.duration)}, ` +
      `in interrupts ${share(core.timeInInterrupts, core.duration)}`,
  ];
}

/** The same as data, for `--json`. */
export function summaryJson(trace: Trace): Record<string, unknown> {
  const { tasks, core } = summarize(trace);
  return {
    event: "summary",
    time_ns: core.duration,
    tasks: tasks.map((summary) => ({
      task: trace.tasks[summary.task]!.name,
      polls: summary.polls,
      wakes: Object.fromEntries(summary.wakesBySource),
      time_run_ns: summary.timeRun,
      longest_poll_ns: summary.longestPoll,
      longest_wait_ns: summary.longestWait,
      bytes: trace.tasks[summary.task]!.bytes,
      ended: summary.ended,
    })),
    core: {
      duration_ns: core.duration,
      asleep_ns: core.timeAsleep,
      interrupts_ns: core.timeInInterrupts,
    },
  };
}

function cells(trace: Trace, summary: TaskSummary): string[] {
  const info = trace.tasks[summary.task]!;
  return [
    summary.ended ? `${info.name} (ended)` : info.name,
    String(summary.polls),
    String(summary.wakes),
    formatDuration(summary.timeRun),
    optional(summary.longestPoll),
    optional(summary.longestWait),
    String(info.bytes),
    [...summary.wakesBySource].map(([name, count]) => `${name} ${count}`).join(", "),
  ];
}

function optional(duration: Nanoseconds | null): string {
  return duration === null ? "-" : formatDuration(duration);
}

/** A share in percent, with more digits near 100 where they tell something. */
function share(part: number, whole: number): string {
  if (whole === 0) return "0 %";
  const percent = (part / whole) * 100;
  const digits = percent > 99 || percent < 1 ? 3 : 1;
  return `${percent.toFixed(digits)} %`;
}
