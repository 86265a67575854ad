import { EVENT_NAMES } from "../event";
import { eventWords } from "../event-words";
import type { Trace } from "../trace";
import { wordMatcher } from "../word-matcher";
import { shortPlace } from "./segment-label";

export interface EventSearch {
  readonly words: string;
  /** The row to begin at. */
  readonly row: number;
  readonly step: 1 | -1;
}

/** The next row, from one on and around the end, whose words match; null if none does. Rows from `rows` on do not count. */
export function findEvent(trace: Trace, { words, row, step }: EventSearch, rows: number): number | null {
  const matches = wordMatcher(words);
  if (matches === undefined || rows === 0) return null;
  const { events } = trace;
  // Rows of one kind, task and payload read alike, so most rows cost one look-up.
  const known = new Map<number, boolean>();
  let at = ((row % rows) + rows) % rows;
  for (let seen = 0; seen < rows; seen++) {
    const kind = events.kind(at);
    const key = (events.payload(at) * 0x1_0000 + events.task(at)) * 16 + kind;
    let isMatch = known.get(key);
    if (isMatch === undefined) {
      const { subject, detail } = eventWords(trace, at, { placeText: shortPlace });
      isMatch = matches(`${EVENT_NAMES[kind]} ${subject} ${detail}`);
      known.set(key, isMatch);
    }
    if (isMatch) return at;
    at = (at + step + rows) % rows;
  }
  return null;
}
