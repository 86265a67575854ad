import { nanoseconds } from "../base/brand";
import { formatDuration } from "../base/duration";
import type { TaskIndex } from "../trace/event";
import type { SourcePlace, Trace } from "../trace/trace";
import type { FindingKind, Occurrence, TimeSpan } from "./finding";
import { taskName } from "./task-places";

/**
 * An occurrence that is worse each time that it is met. There is one object for all those times, and it is put into
 * words only if somebody wants to see it.
 */
export abstract class GrowingOccurrence implements Occurrence {
  abstract readonly kind: FindingKind;
  abstract readonly remedy: string;
  readonly severity = "note";
  readonly tasks: readonly TaskIndex[];
  readonly related = [];
  weight = 0;
  protected from = 0;
  protected to = 0;

  constructor(
    readonly key: string,
    task: TaskIndex,
    readonly place: SourcePlace | null,
    private readonly trace: Trace,
  ) {
    this.tasks = [task];
  }

  abstract get title(): string;
  abstract get evidence(): readonly string[];

  get span(): TimeSpan {
    return { from: nanoseconds(this.from), to: nanoseconds(this.to) };
  }

  protected get taskName(): string {
    return taskName(this.trace, this.tasks[0]!);
  }

  /** It was met once more. */
  protected grow(weight: number, from: number, to: number): void {
    this.weight = weight;
    this.from = from;
    this.to = to;
  }
}

/** A length of time in words; a mean of several is no whole number of nanoseconds. */
export function inWords(time: number): string {
  return formatDuration(nanoseconds(time));
}
