import type { Nanoseconds } from "#adapter/base/brand";
import { formatDuration } from "#adapter/base/duration";
import type { SourcePlace } from "#adapter/trace/trace";

/** A count for reading: `1,204`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** A count and what is counted: `1 task`, `1,204 events`. */
export function formatAmount(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A share in percent, with more digits near 0 and 100, where they tell something. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return "0 %";
  const percent = (part / whole) * 100;
  const digits = percent > 99 || percent < 1 ? 3 : 1;
  return `${percent.toFixed(digits)} %`;
}

/** A duration, or a dash where there is none. */
export function formatOptional(duration: Nanoseconds | null): string {
  return duration === null ? "–" : formatDuration(duration);
}

/** A place as `file:line`. */
export function formatPlace({ file, line }: SourcePlace): string {
  return `${file}:${line}`;
}

/** A place without its folders: `main.rs:18`. */
export function formatShortPlace({ file, line }: SourcePlace): string {
  return `${file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1)}:${line}`;
}
