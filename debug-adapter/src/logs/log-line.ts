import type { Nanoseconds } from "../base/brand";

/** One message of the firmware. */
export interface LogLine {
  /** Since power-on: when it was sent, in virtual time. */
  readonly time: Nanoseconds;
  /** Null for text that has no level: `println!`, plain RTT. */
  readonly level: LogLevel | null;
  /** Without an end of line. */
  readonly text: string;
  /** What the firmware's own clock says, as the firmware formats it; null where it does not say. */
  readonly timestamp: string | null;
  /** Where the log statement stands; null if that is not known. */
  readonly place: { readonly file: string; readonly line: number } | null;
  /** Where it came from: defmt's frames, or the text of an RTT channel. */
  readonly source: "defmt" | "rtt";
}

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

/** Told of each message as it is sent. */
export type LogListener = (line: LogLine) => void;
