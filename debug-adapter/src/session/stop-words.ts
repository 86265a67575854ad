import type { Stop } from "../debuggee/run-control/stop";

/** Why the firmware stands still, in DAP's word and in ours. */
export interface StopWords {
  readonly reason: "entry" | "pause" | "step" | "breakpoint" | "exception";
  /** What stands beside the thread's name, where the client's own words for the reason will not do. */
  readonly label?: string;
  /** What happened, where DAP's word does not say it. */
  readonly text: string | undefined;
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
