import { expect, it } from "vitest";
import type { AwaitingTask } from "#adapter/protocol/custom-requests";
import { awaitLineText } from "./await-text";

function task(name: string, parts: Partial<AwaitingTask> = {}): AwaitingTask {
  return {
    threadId: 2,
    name,
    state: "suspended",
    awaiting: "Timer",
    wait: "",
    suspendedFor: 250e6,
    ...parts,
  };
}

it("says who is suspended at a line, for how long and for what", () => {
  expect(awaitLineText([task("blink_task", { wait: "timer due in 12.00 ms" })])).toBe(
    "blink_task suspended for 250.0 ms, timer due in 12.00 ms",
  );
});

it("tells a task that is only waiting for its turn from one that is suspended", () => {
  expect(awaitLineText([task("blink_task", { state: "ready" }), task("show_task")])).toBe(
    "blink_task ready · show_task suspended for 250.0 ms",
  );
});

it("counts those for whom there is no room", () => {
  const pool = [0, 1, 2, 3].map((slot) => task(`worker[${slot}]`));
  expect(awaitLineText(pool.slice(0, 3))).not.toContain("more");
  expect(awaitLineText(pool)).toBe(
    "worker[0] suspended for 250.0 ms · worker[1] suspended for 250.0 ms · 2 more",
  );
});
