import type { Stop } from "../debuggee/run-control/stop";
import { KIND_WORDS } from "../protocol/findings";

/** Why the firmware stands still, in DAP's word and in ours. */
export interface StopWords {
  readonly reason: "entry" | "pause" | "step" | "breakpoint" | "exception";
  /** What stands beside the thread's name, where the client's own words for the reason will not do. */
  readonly label?: string;
  /** What happened, where DAP's word does not say it. */
  readonly text: string | undefined;
}

/** What happened where there is no text for it, as it stands before an instant: `paused at 2.698 s`. */
const HAPPENED: Readonly<Record<StopWords["reason"], string>> = {
  entry: "main begins",
  pause: "paused",
  step: "stepped",
  breakpoint: "breakpoint reached",
  exception: "exception",
};

/** What happened, in any case. */
export function whatHappened({ reason, text }: StopWords): string {
  return text ?? HAPPENED[reason];
}

export function stopWords({ cause }: Stop): StopWords {
  switch (cause.kind) {
    case "entry":
      return { reason: "entry", text: undefined };
    case "pause":
      return { reason: "pause", label: "Paused", text: undefined };
    case "step":
      return { reason: "step", text: cause.event };
    case "breakpoint":
      return { reason: "breakpoint", text: cause.event };
    case "exception":
      return { reason: "exception", text: cause.what };
    case "finding": {
      const { kind, title } = cause.finding;
      return { reason: "exception", label: KIND_WORDS[kind].label, text: title };
    }
    case "stuck":
      return {
        reason: "pause",
        label: "Asleep for good",
        text: "asleep for good: no timer is set, and no input is to come",
      };
    case "time":
      return { reason: "pause", label: "Paused", text: "the end of the run has been reached" };
  }
}
