import { parseDuration } from "#adapter/base/duration";
import { UserError } from "#adapter/base/errors";
import type { Thresholds } from "#adapter/analysis/thresholds";

/** Thresholds by the names that the command line has for them. */
const NAMES: Readonly<Record<string, keyof Thresholds>> = {
  starvation: "starvation",
  "long-poll": "longPoll",
  busy: "busy",
  stuck: "stuck",
  backpressure: "backpressure",
  "future-bytes": "futureBytes",
};

/**
 * A threshold written `starvation=20ms` or `future-bytes=4096`.
 * @throws UserError if there is none of that name, or the value makes no sense
 */
export function parseThreshold(text: string): Partial<Thresholds> {
  const [, name, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const threshold = name !== undefined && Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (threshold === undefined || value === undefined) {
    throw new UserError(
      `${JSON.stringify(text)} is no threshold`,
      `write NAME=VALUE with one of ${Object.keys(NAMES).join(", ")}`,
    );
  }
  if (threshold === "futureBytes") {
    if (/^\d{1,9}$/.test(value)) return { futureBytes: Number(value) };
    throw new UserError(`${JSON.stringify(value)} is no number of bytes`, "write it in digits, as 8192");
  }
  const duration = parseDuration(value);
  if (duration !== undefined) return { [threshold]: duration };
  throw new UserError(`${JSON.stringify(value)} is no length of time`, "write it as 20ms, 250us or 1s");
}
