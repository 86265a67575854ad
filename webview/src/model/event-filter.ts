import { EventKind, type TaskIndex } from "#adapter/trace/event";
import type { Trace } from "#adapter/trace/trace";
import { wordMatcher } from "#adapter/trace/word-matcher";
import type { EventText, EventTexts } from "./event-text";

/** Which events are wanted. */
export interface EventFilter {
  /** Only events of this task; null for all. */
  readonly task: TaskIndex | null;
  /** Words that the event must contain; a word after a minus must not occur. Case does not matter. */
  readonly words: string;
}

/** The rows of `listed` that pass the filter; `listed` itself if all do. */
export function filterRows(
  trace: Trace,
  texts: EventTexts,
  listed: Uint32Array,
  filter: EventFilter,
): Uint32Array {
  const matches = wordMatcher(filter.words);
  if (filter.task === null && matches === undefined) return listed;
  const { events } = trace;
  const kept = new Uint32Array(listed.length);
  // Rows of one kind, task and payload read alike, so most rows cost one look-up.
  const known = new Map<number, boolean>();
  let length = 0;
  for (const row of listed) {
    const task = events.task(row);
    if (filter.task !== null && task !== filter.task) continue;
    if (matches !== undefined) {
      const kind = events.kind(row);
      const key = (events.payload(row) * 0x1_0000 + task) * 16 + kind;
      let isMatch = kind === EventKind.Uart ? undefined : known.get(key);
      if (isMatch === undefined) {
        isMatch = matches(plainText(texts.timelessText(row)));
        if (kind !== EventKind.Uart) known.set(key, isMatch);
      }
      if (!isMatch) continue;
    }
    kept[length++] = row;
  }
  return kept.slice(0, length);
}

function plainText({ event, subject, detail }: EventText): string {
  return `${event} ${subject} ${detail}`;
}
