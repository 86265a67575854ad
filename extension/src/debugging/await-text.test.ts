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

it("says that a task is suspended in its own function, for how long and for what", () => {
  const timer = task("blink_task", { wait: "timer due in 12.00 ms" });
  expect(awaitLineText([timer], "blink_task")).toBe("suspended 250.0 ms, due in 12.00 ms");
  const mutex = task("upload_task", { wait: "mutex BUS held by sensor_task" });
  expect(awaitLineText([mutex], "upload_task")).toBe("suspended 250.0 ms, BUS held by sensor_task");
});

it("names the task at a line that is not in its own function, or in nobody knows which", () => {
  expect(awaitLineText([task("blink_task")], "nap")).toBe("suspended 250.0 ms: blink_task");
  expect(awaitLineText([task("blink_task")], undefined)).toBe("suspended 250.0 ms: blink_task");
  expect(awaitLineText([task("worker[2]")], "worker")).toBe("suspended 250.0 ms: worker[2]");
});

it("leaves what for to the hover where there is no room", () => {
  const long = task("heartbeat_task", { wait: "timer due in 12.00 ms" });
  expect(awaitLineText([long], "nap")).toBe("suspended 250.0 ms: heartbeat_task");
});

it("tells a task that is only waiting for its turn from one that is suspended", () => {
  const ready = task("blink_task", { state: "ready", wait: "timer due 1.000 us ago" });
  expect(awaitLineText([ready], "blink_task")).toBe("ready");
  expect(awaitLineText([ready, task("show_task")], "nap")).toBe(
    "1 suspended, 1 ready: blink_task, show_task",
  );
});

it("counts those for whom there is no room", () => {
  const pool = [0, 1, 2, 3, 4].map((slot) => task(`worker[${slot}]`));
  expect(awaitLineText(pool.slice(0, 2), "worker")).toBe("2 suspended: worker[0], worker[1]");
  expect(awaitLineText(pool, "worker")).toBe("5 suspended: worker[0], worker[1], 3 more");
  const long = [0, 1].map((slot) => task(`${"long_".repeat(10)}${slot}`));
  expect(awaitLineText(long, "worker")).toBe("2 suspended");
});
