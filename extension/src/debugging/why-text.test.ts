import { expect, it } from "vitest";
import { unsaidVerdict } from "./why-text";

const step = (text: string) => ({ text, place: null, threadId: null, depth: 0 });

it("does not say twice what the last step says", () => {
  const verdict = "timer due in 12 ms";
  const kind = "timer";
  expect(
    unsaidVerdict({ kind, verdict, steps: [step("blink_task is parked"), step(`Timer: ${verdict}`)] }),
  ).toBeUndefined();
  expect(unsaidVerdict({ kind, verdict, steps: [step(`Timer: ${verdict}`), step("another")] })).toBe(verdict);
  expect(unsaidVerdict({ kind, verdict, steps: [] })).toBe(verdict);
});
