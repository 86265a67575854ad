import type { FindingKind } from "./finding";

/** What a kind of finding is called, and what it means in one sentence. */
export interface KindWords {
  readonly label: string;
  readonly meaning: string;
}

/** In the order in which they are offered: the gravest first. */
export const KIND_WORDS: Readonly<Record<FindingKind, KindWords>> = {
  deadlock: {
    label: "Deadlock",
    meaning: "Tasks wait for each other's locks, and none can go on.",
  },
  "lost-wake": {
    label: "Lost wake",
    meaning: "A suspended task whose waker nobody holds: it can never run again.",
  },
  "guard-across-await": {
    label: "Guard across await",
    meaning: "A blocking lock is held while the task that holds it is suspended.",
  },
  "poll-after-end": {
    label: "Poll after end",
    meaning: "A task is polled although its future has returned.",
  },
  "moved-after-poll": {
    label: "Moved after poll",
    meaning: "A future that must stay where it is was moved after its first poll.",
  },
  starvation: {
    label: "Starvation",
    meaning: "A task is ready, and has to wait for the polls of others.",
  },
  "long-poll": {
    label: "Long poll",
    meaning: "One poll keeps the core for long.",
  },
  "busy-self-wake": {
    label: "Busy self-wake",
    meaning: "A task wakes itself in every poll, and the core never sleeps.",
  },
  "wake-storm": {
    label: "Wake storm",
    meaning: "Two tasks keep waking each other, and the core never sleeps.",
  },
  "cancelled-mid-way": {
    label: "Cancelled mid-way",
    meaning: "A future is dropped at an await with its work half done.",
  },
  "never-polled": {
    label: "Never polled",
    meaning: "A future is made and dropped without a poll: what it stands for never happens.",
  },
  "oversized-future": {
    label: "Oversized future",
    meaning: "A task's future takes much of the RAM.",
  },
  "timer-drift": {
    label: "Timer drift",
    meaning: "A loop around a relative timer slides against its period.",
  },
  backpressure: {
    label: "Backpressure",
    meaning: "A sender is held back by a full channel for most of its time.",
  },
};
