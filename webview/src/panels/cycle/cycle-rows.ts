import { nanoseconds } from "#adapter/base/brand";
import { formatDuration, formatInstant } from "#adapter/base/duration";
import type { PollCycleBody, ProtocolCycleLane, ProtocolCycleStep } from "#adapter/protocol/poll-cycle";
import type { SourcePlace } from "#adapter/trace/trace";

/** The lanes from left to right, with what stands above them. */
export const LANES: readonly { readonly lane: ProtocolCycleLane; readonly name: string }[] = [
  { lane: "source", name: "Wake source" },
  { lane: "waker", name: "Waker" },
  { lane: "executor", name: "Executor" },
  { lane: "task", name: "Task" },
];

/** A step as it is drawn: an arrow or a dot over the lanes, and the words beside it. */
export interface CycleRow {
  /** Lanes by position; equal for what happens on one. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly title: string;
  readonly text: string;
  readonly when: string;
  readonly place: SourcePlace | null;
  /** `current` is what has happened last. */
  readonly look: "past" | "current" | "coming";
  /** Which part of the row the task is being polled in. */
  readonly activity: "none" | "begins" | "whole" | "ends";
}

export function cycleRows({ steps }: Pick<PollCycleBody, "steps">): CycleRow[] {
  const last = steps.findLastIndex(({ hasHappened }) => hasHappened);
  const begin = steps.findIndex(({ stage }) => stage === "poll");
  const end = steps.findIndex(({ stage }) => stage === "return");
  return steps.map((step, i) => ({
    from: positionOf(step.from),
    to: positionOf(step.to),
    label: step.label,
    title: step.title,
    text: step.text,
    when: whenWords(step, steps.slice(0, i)),
    place: step.place,
    look: i === last ? "current" : step.hasHappened ? "past" : "coming",
    activity: activityAt(i, begin, end < 0 ? last + 1 : end),
  }));
}

function positionOf(lane: ProtocolCycleLane): number {
  return LANES.findIndex((each) => each.lane === lane);
}

function activityAt(row: number, begin: number, end: number): CycleRow["activity"] {
  if (begin < 0 || row < begin || row > end) return "none";
  if (row === begin) return "begins";
  return row === end ? "ends" : "whole";
}

/** When it happened, and how long after what came before; of what is to come when it is due. */
function whenWords(step: ProtocolCycleStep, before: readonly ProtocolCycleStep[]): string {
  if (!step.hasHappened) return step.time === null ? "" : `due at ${microseconds(step.time)}`;
  const words: string[] = [];
  if (step.time !== null) {
    words.push(instant(step.time));
    const previous = before.findLast(({ time }) => time !== null)?.time ?? null;
    if (previous !== null && step.time > previous) words.push(`${duration(step.time - previous)} later`);
  }
  if (step.duration !== null && DURATIONS[step.stage] !== undefined)
    words.push(`${DURATIONS[step.stage]} ${duration(step.duration)}`);
  return words.join(" · ");
}

/** What a duration is of; of a wait the title tells it. */
const DURATIONS: Partial<Record<ProtocolCycleStep["stage"], string>> = {
  parked: "for",
  return: "the poll took",
  after: "for",
};

/** What the firmware's timer counts in: of what is to come no more is known. */
function microseconds(time: number): string {
  return instant(time).replace(/ \d{3} s$/, " s");
}

function instant(time: number): string {
  return `${formatInstant(nanoseconds(Math.max(0, time)))} s`;
}

function duration(length: number): string {
  return formatDuration(nanoseconds(length));
}
