import { expect, it } from "vitest";
import { nanoseconds } from "../base/brand";
import type { StopCause } from "../debuggee/run-control/stop";
import { stopWords, whatHappened } from "./stop-words";

function happened(cause: StopCause): string {
  return whatHappened(stopWords({ cause, time: nanoseconds(0), task: undefined }));
}

it("says what happened in words that an instant can follow, in any case", () => {
  expect(happened({ kind: "pause" })).toBe("paused");
  expect(happened({ kind: "step" })).toBe("stepped");
  expect(happened({ kind: "entry" })).toBe("main begins");
  expect(happened({ kind: "breakpoint", ids: [1] })).toBe("breakpoint reached");
});

it("says what is known of it", () => {
  expect(happened({ kind: "step", event: "poll 2 of blink_task begins" })).toBe(
    "poll 2 of blink_task begins",
  );
  expect(happened({ kind: "exception", what: "panicked: no", place: null })).toBe("panicked: no");
  expect(happened({ kind: "stuck" })).toMatch(/^asleep for good/);
});
