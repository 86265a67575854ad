import type { Nanoseconds } from "../base/brand";
import type { AwaitFrame, SourcePlace, Suspension, TaskInfo, TraceTables } from "./trace";

/** The JSON at the start of a trace file. */
export interface TraceHeader extends TraceTables {
  readonly endTime: Nanoseconds;
  /** How many events the file should hold. */
  readonly rows: number;
}

/** The header in `json`, or undefined if it is not of the form that this version writes. */
export function parseHeader(json: string): TraceHeader | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  return isHeader(value) ? value : undefined;
}

type Check<T> = (value: unknown) => value is T;

const isString: Check<string> = (value) => typeof value === "string";
const isCount: Check<number> = (value): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

const isPlace = isRecord<SourcePlace>({ file: isString, line: isCount });
const isFrame = isRecord<AwaitFrame>({ function: isString, place: orNull(isPlace) });
const isSuspension = isRecord<Suspension>({
  place: orNull(isPlace),
  awaiting: orNull(isString),
  frames: listOf(isFrame),
});
const isTask = isRecord<TaskInfo>({
  name: isString,
  address: isCount,
  bytes: isCount,
  futureBytes: orNull(isCount),
  place: orNull(isPlace),
});
const isHeader = isRecord<TraceHeader>({
  endTime: isCount as Check<Nanoseconds>,
  rows: isCount,
  tasks: listOf(isTask),
  suspensions: listOf(orNull(isSuspension)),
  strings: listOf(isString),
  exceptions: (value): value is Record<number, string> =>
    typeof value === "object" && value !== null && Object.values(value).every(isString),
});

function isRecord<T>(fields: { readonly [Key in keyof T]: Check<T[Key]> }): Check<T> {
  return (value): value is T =>
    typeof value === "object" &&
    value !== null &&
    Object.entries<Check<unknown>>(fields).every(([key, check]) =>
      check((value as Record<string, unknown>)[key]),
    );
}

function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(check);
}

function orNull<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value);
}
