import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { machineBacktrace } from "#adapter/debuggee/core-backtrace";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import { inspectTasks } from "#adapter/debuggee/inspect-tasks";
import { Stepping } from "#adapter/debuggee/stepping/stepping";
import { EventKind, type TaskIndex, unpackPollEnd } from "#adapter/trace/event";
import { taskStates } from "#adapter/trace/task-state";
import { perform, poweredOn, taskNamed } from "#test/helpers/stepping";

const FOLDER = "samples/prebuilt";
const RELEASES = readdirSync(FOLDER)
  .filter((name) => name.endsWith("-release.elf"))
  .map((name) => `${FOLDER}/${name}`);

/** Instants at which tasks are suspended in various places. */
const INSTANTS = [0.15e9, 0.33e9, 0.62e9].map(nanoseconds);
const PATIENCE = nanoseconds(3e9);

describe("step over an .await in release builds", { timeout: 240_000 }, () => {
  it.each(RELEASES)("ends where the same await goes on in %s", async (path) => {
    let steps = 0;
    for (const instant of INSTANTS) {
      const { trace } = await poweredOnUntil(path, instant);
      for (const task of trace.tasks.keys()) {
        if (await stepFrom(await poweredOnUntil(path, instant), task as TaskIndex)) steps++;
      }
    }
    // The smallest executors have one task, and it has ended by then.
    const hasEmbassy = (await poweredOn(path)).embassy !== undefined;
    if (hasEmbassy) expect(steps).toBeGreaterThan(0);
  });
});

describe("one of eight futures of one async fn", { timeout: 120_000 }, () => {
  const FIRMWARE = [
    "samples/prebuilt/join-versus-spawn-join-release.elf",
    "test/firmware/samples-dev/join-versus-spawn-join-dev.elf",
  ];

  it.each(FIRMWARE)("is the one that a step over its .await ends in, in %s", async (path) => {
    for (let number = 0; number < 8; number++) {
      const debuggee = await poweredOnUntil(path, 1e9);
      const stepping = new Stepping(debuggee);
      const task = taskNamed(debuggee, "band_task");
      const future = (await inspectTasks(debuggee))[task]!.future!.children[0]!.children[number]!;
      const { cause } = await perform(debuggee, stepping.over({ kind: "task", task, future }), PATIENCE);
      expect(cause).toEqual({ kind: "step" });
      // Each counts its beats in an element of its own, behind the await.
      const before = await beats(debuggee);
      await perform(debuggee, stepping.toPollEnd(), PATIENCE);
      const after = await beats(debuggee);
      expect(after.map((each, i) => each - before[i]!)).toEqual(before.map((_, i) => (i === number ? 1 : 0)));
    }
  });

  async function beats({ firmware, target }: Debuggee): Promise<number[]> {
    const [found] = firmware.program.statics.matching(({ name }) => name === "join_versus_spawn::BEATS");
    const bytes = await target.readMemory(found!.address, 32);
    return [...new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 32))];
  }
});

describe("a step that may have ended in another future", { timeout: 120_000 }, () => {
  const DOUBT =
    "this build does not tell here which future of join_versus_spawn::drum is polled: it may be another one";

  it("says so, where several of one async fn are polled by one piece of code", async () => {
    const debuggee = await poweredOnUntil("samples/prebuilt/join-versus-spawn-join-release.elf", 1e9);
    const stepping = new Stepping(debuggee);
    const subject = { kind: "task", task: taskNamed(debuggee, "band_task") } as const;
    // Which future is suspended is known; which one is polled at the line that follows is not kept.
    const first = await perform(debuggee, stepping.over(subject), PATIENCE);
    expect(first.cause).toEqual({ kind: "step" });
    const second = await perform(debuggee, stepping.over(subject), PATIENCE);
    expect(second.cause).toEqual({ kind: "step", event: DOUBT });
  });

  it("has no doubt where the task can have one future of the async fn only", async () => {
    const debuggee = await poweredOnUntil("samples/prebuilt/join-versus-spawn-spawn-release.elf", 1e9);
    const stepping = new Stepping(debuggee);
    const subject = { kind: "task", task: taskNamed(debuggee, "drummer_task[3]") } as const;
    for (let i = 0; i < 4; i++) {
      const { cause } = await perform(debuggee, stepping.over(subject), PATIENCE);
      expect(cause).toEqual({ kind: "step" });
    }
  });
});

async function poweredOnUntil(path: string, instant: number): Promise<Debuggee> {
  const debuggee = await poweredOn(path);
  await debuggee.runControl.continue({ until: nanoseconds(instant) });
  return debuggee;
}

/** Steps a suspended task over its await, and checks where that ends; false if it was not suspended, or for too long. */
async function stepFrom(debuggee: Debuggee, task: TaskIndex): Promise<boolean> {
  const { trace, taskEvents } = debuggee;
  const state = taskStates(trace)[task]!;
  const suspension = trace.suspension(state.suspension);
  const line = suspension?.place?.line;
  if (state.kind !== "suspended" || suspension === undefined || line === undefined) return false;
  const rows = trace.events.length;
  const { cause } = await perform(debuggee, new Stepping(debuggee).over({ kind: "task", task }), PATIENCE);
  if (cause.kind === "time" || cause.kind === "stuck") return false;
  const title = `${trace.tasks[task]!.name} from line ${line}`;
  expect(cause.kind, title).toBe("step");
  for (const each of suspensionsSince(rows, task, debuggee)) {
    expect(trace.suspension(each)?.frames, `${title} is suspended on the way`).toEqual(suspension.frames);
  }
  if (cause.kind === "step" && cause.event?.endsWith("has ended") === true) return true;
  expect(taskEvents.polledTask, `${title} ends in its own poll`).toBe(task);
  // Whoever was suspended in the chain goes on, at another line than that of its await.
  const own = (await machineBacktrace(debuggee)).frames.find(
    ({ place }) => place?.file.origin.kind === "own",
  );
  const here = { file: own?.place?.file.path, line: own?.place?.line };
  expect(suspension.place, `${title} has gone on`).not.toEqual(here);
  debuggee.dispose();
  return true;
}

/** Where polls of a task have left it since a row of the trace. */
function suspensionsSince(first: number, task: TaskIndex, { trace: { events } }: Debuggee) {
  const found = [];
  for (let row = first; row < events.length; row++) {
    if (events.task(row) !== task || events.kind(row) !== EventKind.PollEnd) continue;
    const { result, suspension } = unpackPollEnd(events.payload(row));
    if (result === "pending") found.push(suspension);
  }
  return found;
}
