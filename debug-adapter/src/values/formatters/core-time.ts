import type { Formatter } from "../shape";
import { exactDuration } from "./exact-duration";

/** `core::time::Duration`: seconds and nanoseconds. */
export const coreTimeFormatter: Formatter = {
  types: ["core::time::Duration"],
  shape(value, reader) {
    const seconds = reader.unsigned(reader.member(value, "secs"));
    const nanoseconds = reader.unsigned(reader.member(value, "nanos"));
    if (seconds === undefined || nanoseconds === undefined || nanoseconds >= 1_000_000_000n) return undefined;
    return { kind: "text", text: exactDuration(seconds * 1_000_000_000n + nanoseconds) };
  },
};
