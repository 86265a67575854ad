import type { LogLine } from "#adapter/logs/log-line";
import { placeText, type ShowPath } from "./event-json";

/** A message of the firmware as `pollscope trace --json` prints it. What is not known is null. */
export function logJson(
  { time, level, text, timestamp, place, source }: LogLine,
  showPath: ShowPath,
): Record<string, unknown> {
  return {
    time_ns: time,
    event: "log",
    source,
    level,
    text,
    timestamp,
    at: place === null ? null : placeText(place, showPath),
  };
}
