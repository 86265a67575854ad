import type { QuestionKind } from "./questions";

/** What a member of a question's arguments has to be, as a test and in words. */
interface Rule {
  readonly words: string;
  readonly holds: (value: unknown) => boolean;
}

/** More pixels than any screen has, and more tracks than anybody reads. */
const MOST_ITEMS = 1 << 16;

const NUMBER: Rule = { words: "a number", holds: (value) => Number.isFinite(value) };
const COUNT: Rule = {
  words: `a whole number from 0 to ${MOST_ITEMS}`,
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MOST_ITEMS,
};
const INTEGER: Rule = { words: "a whole number", holds: Number.isSafeInteger };
const STEP: Rule = { words: "1 or -1", holds: (value) => value === 1 || value === -1 };
const TEXT: Rule = { words: "a text", holds: (value) => typeof value === "string" };
const TRACKS: Rule = {
  words: "a list of tracks",
  holds: (value) => Array.isArray(value) && value.length <= MOST_ITEMS && value.every(Number.isSafeInteger),
};

const RULES: Readonly<Record<QuestionKind, Readonly<Record<string, Rule>>>> = {
  tracks: {},
  window: { from: NUMBER, to: NUMBER, resolution: NUMBER, tracks: TRACKS, mostFlows: COUNT },
  shares: { pieces: COUNT },
  near: { track: INTEGER, time: NUMBER, tolerance: NUMBER },
  neighbour: { track: INTEGER, segment: INTEGER, step: STEP },
  segment: { track: INTEGER, segment: INTEGER },
  row: { row: INTEGER },
  list: { track: INTEGER, from: NUMBER, to: NUMBER, limit: COUNT },
  span: { from: NUMBER, to: NUMBER },
  find: { words: TEXT, row: INTEGER, step: STEP },
};

/**
 * What is wrong with the arguments of a question that has come from another process, in words, or undefined. What is
 * well formed is also bounded: no answer is longer than a screen is wide.
 */
export function questionFault(
  kind: QuestionKind,
  args: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const [name, { words, holds }] of Object.entries(RULES[kind])) {
    if (!holds(args[name])) return `"${name}" has to be ${words}`;
  }
  if (kind !== "window") return undefined;
  const { from, to, resolution } = args as {
    readonly from: number;
    readonly to: number;
    readonly resolution: number;
  };
  if (!(resolution > 0) || (to - from) / resolution > MOST_ITEMS)
    return `"resolution" has to leave at most ${MOST_ITEMS} pixels between "from" and "to"`;
  return undefined;
}
