import type { Nanoseconds } from "../base/brand";
import { parseDuration } from "../base/duration";
import type { FindingsOptions } from "../debuggee/findings/findings-watch";
import {
  FINDING_KINDS,
  type SeveritySettings,
  TASK_THRESHOLDS,
  THRESHOLD_UNITS,
  type Thresholds,
} from "../protocol/findings";
import { isMembers, wrong } from "./launch-faults";

/** Thresholds in nanoseconds and bytes. */
export type FindingThresholds = NonNullable<FindingsOptions["thresholds"]>;

const SEVERITIES = ["error", "warning", "note", "off"] as const;

/**
 * The thresholds of a launch configuration.
 * @throws UserError that names the one that is wrong
 */
export function checkThresholds(given: unknown): FindingThresholds {
  if (given === undefined) return {};
  if (!isMembers(given)) {
    throw wrong('has "thresholds" that are no object', 'write "thresholds": { "longPoll": "5ms" }');
  }
  const { tasks, ...common } = given;
  const thresholds = Object.entries(common).map(([name, value]) => [name, threshold(name, value)] as const);
  return { ...Object.fromEntries(thresholds), ...(tasks !== undefined && { tasks: taskThresholds(tasks) }) };
}

function taskThresholds(given: unknown): NonNullable<FindingThresholds["tasks"]> {
  if (!isMembers(given) || !Object.values(given).every(isMembers)) {
    throw wrong(
      'has thresholds of "tasks" that are no objects by the names of tasks',
      'write "tasks": { "blink_task": { "longPoll": "20ms" } }',
    );
  }
  const known: readonly string[] = TASK_THRESHOLDS;
  const ofTask = (own: object) =>
    Object.entries(own).map(([name, value]: [string, unknown]) => {
      if (known.includes(name)) return [name, threshold(name, value)] as const;
      throw unknownThreshold(name, known);
    });
  return Object.fromEntries(
    Object.entries(given).map(([task, own]) => [task, Object.fromEntries(ofTask(own as object))]),
  );
}

function threshold(name: string, value: unknown): Nanoseconds | number {
  const unit = Object.hasOwn(THRESHOLD_UNITS, name)
    ? THRESHOLD_UNITS[name as Exclude<keyof Thresholds, "tasks">]
    : undefined;
  switch (unit) {
    case undefined:
      throw unknownThreshold(name, Object.keys(THRESHOLD_UNITS));
    case "bytes":
      if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
      throw wrong(`has a threshold ${name} that is no number of bytes`, "write it as 8192");
    case "time": {
      const time = typeof value === "string" ? parseDuration(value) : undefined;
      if (time !== undefined) return time;
      throw wrong(`has a threshold ${name} that is no length of time`, 'write it as "5ms" or "1s"');
    }
  }
}

function unknownThreshold(name: string, known: readonly string[]): Error {
  const last = known.at(-1);
  const choice = [known.slice(0, -1).join(", "), last].join(" or ");
  return wrong(`has a threshold ${JSON.stringify(name)} that means nothing`, `use ${choice}`);
}

/**
 * How grave a launch configuration takes findings to be.
 * @throws UserError that names the kind that is wrong
 */
export function checkSeverities(given: unknown): SeveritySettings {
  if (given === undefined) return {};
  if (!isMembers(given)) {
    throw wrong('has "findings" that are no object', 'write "findings": { "starvation": "error" }');
  }
  for (const [kind, severity] of Object.entries(given)) {
    if (!FINDING_KINDS.some((each) => each === kind)) {
      throw wrong(
        `has findings ${JSON.stringify(kind)} that there are not`,
        `use ${FINDING_KINDS.join(", ")}`,
      );
    }
    if (!SEVERITIES.some((each) => each === severity)) {
      throw wrong(
        `has findings ${JSON.stringify(kind)} with a severity that there is not`,
        `write one of ${SEVERITIES.map((each) => JSON.stringify(each)).join(", ")}`,
      );
    }
  }
  return given;
}
