import type { FindingsBody } from "./findings";

/** The events that the adapter sends besides those of DAP. All times are virtual time in nanoseconds. */
export interface CustomEvents {
  /** The firmware has begun to run, or has stopped. A stop follows DAP's own `stopped`. */
  "pollscope/state": DebuggeeState;
  /** All findings so far, when there is a new one, after a stop that has changed them, and when a run begins. */
  "pollscope/findings": FindingsBody;
}

export type CustomEventName = keyof CustomEvents;

export type DebuggeeState =
  | { readonly kind: "running" }
  | {
      readonly kind: "stopped";
      readonly time: number;
      /** The thread that the stop is about. */
      readonly threadId: number;
      /** What happened: `poll 14 of blink_task begins, woken by TIMER_IRQ_0 at 3.250 034 s`. */
      readonly text: string;
    };
