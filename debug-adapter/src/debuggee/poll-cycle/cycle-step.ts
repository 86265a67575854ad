import type { SourcePlace } from "../../trace/trace";

/** Who takes part in a cycle: what wakes, the waker, the executor, the task. */
export type CycleLane = "source" | "waker" | "executor" | "task";

/** What happens in a cycle, one thing after the other. */
export type CycleStage =
  | "spawn"
  /** What was there when the cycle began. */
  | "parked"
  | "wake"
  | "queue"
  | "poll"
  /** Something that happens while the task is polled. */
  | "within"
  | "register"
  | "return"
  /** What the executor does then. */
  | "after"
  /** What is to come. */
  | "next";

/** A message from one lane to another, or, where both are one, something that happens there. */
export interface CycleStep {
  readonly stage: CycleStage;
  readonly from: CycleLane;
  readonly to: CycleLane;
  /** A few words: `wake`, `poll(cx)`, `Pending`. */
  readonly label: string;
  /** What has happened, with the names of those who take part. */
  readonly title: string;
  /** What that means: one or two sentences, or "". */
  readonly text: string;
  /** Since power-on, in nanoseconds; null for what has not happened, and where the instant is not known. */
  readonly time: number | null;
  /** How long it took, or has taken so far; null where there is nothing to measure. */
  readonly duration: number | null;
  readonly place: SourcePlace | null;
  readonly hasHappened: boolean;
}
