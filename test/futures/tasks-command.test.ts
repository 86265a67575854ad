import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { parseDuration } from "#adapter/base/duration";
import { UserError } from "#adapter/base/errors";
import type { Output } from "../../extension/src/cli/output";
import type { TasksRequest } from "../../extension/src/cli/requests";
import { runTasks } from "../../extension/src/cli/tasks-command";
import { textStyle } from "../../extension/src/cli/text/style";

/** What `pollscope tasks` writes. */
async function tasks(name: string, at: string, options: Partial<TasksRequest> = {}): Promise<string> {
  let text = "";
  const output: Output = {
    style: textStyle(false, {}),
    isOpen: true,
    write: (more) => ((text += more), Promise.resolve()),
    note: () => undefined,
    progress: () => undefined,
  };
  const request: TasksRequest = {
    command: "tasks",
    firmware: `samples/prebuilt/${name}.elf`,
    at: nanoseconds(parseDuration(at)!),
    isJson: false,
    task: undefined,
    parts: [],
    presses: [],
    types: [],
    ...options,
  };
  await runTasks(request, output, (path) => path.replace(/^\/pollscope\//, ""));
  return text;
}

describe("pollscope tasks", () => {
  it("prints a tree for each task", async () => {
    expect(await tasks("blink-release", "1.5s", { task: "heartbeat_task" })).toMatch(
      new RegExp(
        [
          "^The tasks at 1\\.500 000 00\\d s",
          "",
          "heartbeat_task  suspended for [\\d.]+ ms",
          "  blink::heartbeat_task  samples/blink/src/main\\.rs:\\d+",
          "  │ beats = 2",
          "  └─ blink::nap  samples/blink/src/main\\.rs:\\d+",
          "     │ length = 900 ms  \\(as passed\\)",
          "     └─ Timer: timer due in [\\d.]+ ms",
          "  waker: the queue of timers",
          "$",
        ].join("\n"),
      ),
    );
  });

  it("prints what the core is in for the task that is being polled", async () => {
    const text = await tasks("starvation-hog-release", "1.3s", { task: "check_task" });
    expect(text).toMatch(/check_task {2}running for [\d.]+ ms\n {2}\S.*\n/);
    // Down to the future of the task, and to what polls it.
    expect(text).toMatch(/\n {2}starvation::crc32 \(inlined\) {2}samples\/starvation\/src\/lib\.rs:\d+\n/);
    expect(text).toContain("embassy_executor::raw::TaskStorage<starvation_hog::__check_task_task");
  });

  it("prints JSON with every field, whether it is known or not", async () => {
    const json = JSON.parse(await tasks("deadlock-bad-release", "2s", { isJson: true })) as {
      time_ns: number;
      tasks: { task: string; state: string; future: { children: Record<string, unknown>[] } | null }[];
    };
    // The machine may pass the instant by a part of an instruction.
    expect(json.time_ns).toBeGreaterThanOrEqual(2e9);
    expect(json.time_ns).toBeLessThan(2e9 + 100);
    expect(json.tasks.map(({ task, state }) => `${task} ${state}`)).toEqual([
      "sensor_task suspended",
      "upload_task suspended",
      "main ended",
      "blink_task suspended",
    ]);
    const leaf = json.tasks[0]!.future!.children[0]!;
    expect(leaf["waits_for"]).toMatchObject({
      kind: "mutex",
      text: "mutex LOG held by upload_task",
      due_in_ns: null,
      object: { name: "deadlock::LOG" },
      held_by: ["upload_task"],
    });
    expect(Object.keys(leaf)).toEqual([
      "name",
      "type",
      "address",
      "label",
      "state",
      "at",
      "own",
      "locals",
      "waits_for",
      "fields",
      "note",
      "children",
    ]);
  });

  it("takes the name of a pool for all its slots, and says which tasks there are", async () => {
    const text = await tasks("join-versus-spawn-spawn-release", "1s", { task: "drummer_task" });
    expect(text.match(/^drummer_task\[\d\]/gm)?.length).toBe(8);
    await expect(tasks("blink-release", "1s", { task: "nobody" })).rejects.toThrow(UserError);
  });

  it("says that no tasks are known where there are none", async () => {
    // Nothing is polled before the firmware has set up its clocks.
    expect(await tasks("countdown-release", "1ms")).toContain("No tasks are known at ");
  });
});
