import type { Stop } from "../debuggee/run-control/stop";

/** Why the firmware stands still, in DAP's word and in ours. */
export interface StopWords {
  readonly reason: "entry" | "pause" | "step" | "breakpoint" | "exception";
  /** What happened, where DAP's word does not say it. */
  readonly text: string | undefined;
}

export function stopWords({ cause }: Stop): StopWords {
  switch (cause.kind) {
    case "entry":
      return { reason: "entry", text: undefined };
    case "pause":
      return { reason: "pause", text: undefined };
    case "step":
      return { reason: "step", text: cause.event };
    case "breakpoint":
      return { reason: "breakpoint", text: cause.event };
    case "exception":
      return { reason: "exception", text: cause.what };
    case "stuck":
      return { reason: "pause", text: "asleep for good: no timer is set, and no input is to come" };
    case "time":
      return { reason: "pause", text: "the end of the run has been reached" };
  }
}
