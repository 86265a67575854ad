import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { machineBacktrace } from "#adapter/debuggee/core-backtrace";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import { inspectTasks } from "#adapter/debuggee/inspect-tasks";
import { Stepping } from "#adapter/debuggee/stepping/stepping";
import type { TracepointHit } from "#adapter/target/target";
import { EventKind, type TaskIndex, unpackPollEnd } from "#adapter/trace/event";
import { taskStates } from "#adapter/trace/task-state";
import { suspendMarkers } from "#test/helpers/markers";
import { perform, placeOfCore, poweredOn, sourceText, taskNamed } from "#test/helpers/stepping";

const FOLDER = "samples/prebuilt";
const RELEASES = readdirSync(FOLDER)
  .filter((name) => name.endsWith("-release.elf"))
  .map((name) => `${FOLDER}/${name}`);

/** Instants at which tasks are suspended in various places. */
const INSTANTS = [0.15e9, 0.33e9, 0.62e9].map(nanoseconds);
const PATIENCE = nanoseconds(3e9);

const DRUMMERS = "samples/join-versus-spawn/src/lib.rs";
const OFFSET = suspendMarkers(DRUMMERS).get("drum-offset")!;
const TICK = suspendMarkers(DRUMMERS).get("drum-tick")!;
/** Where each goes on behind its second await. */
const LOOP =
  sourceText(DRUMMERS)
    .split("\n")
    .findIndex((text) => text.includes("while let")) + 1;

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

describe("each of eight futures of one async fn", { timeout: 240_000 }, () => {
  const FIRMWARE = [
    "samples/prebuilt/join-versus-spawn-join-release.elf",
    "test/firmware/samples-dev/join-versus-spawn-join-dev.elf",
  ];
  it.each(FIRMWARE)("is stepped for three beats from where it is suspended, in %s", async (path) => {
    for (let number = 0; number < 8; number++) {
      const debuggee = await poweredOnUntil(path, 1e9);
      const task = taskNamed(debuggee, "band_task");
      const future = (await inspectTasks(debuggee))[task]!.future!.children[0]!.children[number]!;
      const stepping = new Stepping(debuggee);
      const beaten = watchBeats(debuggee);
      const { cause } = await perform(debuggee, stepping.over({ kind: "task", task, future }), PATIENCE);
      expect(cause).toEqual({ kind: "step" });
      // The others have beaten since; this one goes on behind its await, and beats then.
      expect(beaten.splice(0)).not.toContain(number);
      for (let beat = 0; beat < 3; beat++) await expectBeatAndAwait(number, { debuggee, stepping, beaten });
      debuggee.dispose();
    }
  });

  it.each(FIRMWARE)(
    "is stepped from its first await on, where a breakpoint has stopped, in %s",
    async (path) => {
      for (let number = 0; number < 8; number++) {
        const debuggee = await poweredOn(path);
        // All eight come by in one poll, in the order in which they are joined.
        for (let hit = 0; hit <= number; hit++) await toBreakpoint(OFFSET, debuggee);
        const stepping = new Stepping(debuggee);
        const beaten = watchBeats(debuggee);
        debuggee.breakpoints.setInSource(`/work/${DRUMMERS}`, []);
        const { cause } = await perform(debuggee, stepping.over({ kind: "core" }), PATIENCE);
        expect(cause).toEqual({ kind: "step" });
        expect(beaten.splice(0)).not.toContain(number);
        for (let beat = 0; beat < 2; beat++) await expectBeatAndAwait(number, { debuggee, stepping, beaten });
        debuggee.dispose();
      }
    },
  );

  it.each(FIRMWARE)(
    "is stepped from where a breakpoint behind its await has stopped, in %s",
    async (path) => {
      const seen = new Set<number>();
      const debuggee = await poweredOnUntil(path, 1e9);
      const stepping = new Stepping(debuggee);
      const beaten = watchBeats(debuggee);
      for (let hit = 0; hit < 8; hit++) {
        // The next one beats 25 ms later.
        await debuggee.runControl.continue({ until: nanoseconds(debuggee.target.now + 10e6) });
        beaten.splice(0);
        await toBreakpoint(TICK, debuggee);
        // It has beaten on the way here, as the last of all.
        const number = beaten.at(-1)!;
        seen.add(number);
        debuggee.breakpoints.setInSource(`/work/${DRUMMERS}`, []);
        beaten.splice(0);
        const { cause } = await perform(debuggee, stepping.over({ kind: "core" }), PATIENCE);
        expect(cause).toEqual({ kind: "step" });
        expect(beaten.splice(0)).not.toContain(number);
        await expectBeatAndAwait(number, { debuggee, stepping, beaten });
      }
      expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    },
  );

  /** Steps on to the next await and over it: nobody else beats before this one has, and then it does not until later. */
  async function expectBeatAndAwait(
    number: number,
    { debuggee, stepping, beaten }: { debuggee: Debuggee; stepping: Stepping; beaten: number[] },
  ): Promise<void> {
    while ((await placeOfCore(debuggee)).line !== TICK) {
      const { cause } = await perform(debuggee, stepping.over({ kind: "core" }), PATIENCE);
      expect(cause).toEqual({ kind: "step" });
    }
    expect(beaten.splice(0)).toEqual([number]);
    const { cause } = await perform(debuggee, stepping.over({ kind: "core" }), PATIENCE);
    expect(cause).toEqual({ kind: "step" });
    expect((await placeOfCore(debuggee)).line).toBe(LOOP);
    expect(beaten.splice(0)).not.toContain(number);
  }
});

describe("one of several futures of one async fn in a join", { timeout: 120_000 }, () => {
  const SOURCE = "test/firmware/stepping/src/main.rs";
  const BUILDS = ["dev", "release"].map(
    (profile) => `test/firmware/stepping/prebuilt/stepping-${profile}.elf`,
  );

  /** How long each sleeps, in milliseconds, in the order in which they are joined. */
  const JOINS = [
    { body: "async fn tick(", task: "nested_task", sleeps: [2, 3] },
    { body: "async fn scaled<", task: "generic_task", sleeps: [3, 0, 7] },
  ];
  const CASES = BUILDS.flatMap((path) => JOINS.map((join) => ({ path, ...join })));

  it.each(CASES)("sleeps as long as it has to in $path, $body", async ({ path, body, task, sleeps }) => {
    const lines = sourceText(SOURCE).split("\n");
    const head = lines.findIndex((text) => text.startsWith(body));
    const line = lines.findIndex((text, i) => i > head && text.includes(".await")) + 1;
    for (const [i, sleep] of sleeps.entries()) {
      const debuggee = await poweredOn(path);
      const stepping = new Stepping(debuggee);
      debuggee.breakpoints.setInSource(`/work/${SOURCE}`, [{ line }]);
      for (let hits = 0; hits <= i;) {
        const { cause } = await debuggee.runControl.continue({ until: PATIENCE });
        expect(cause.kind).toBe("breakpoint");
        if (debuggee.taskEvents.polledTask === taskNamed(debuggee, task)) hits++;
      }
      debuggee.breakpoints.setInSource(`/work/${SOURCE}`, []);
      const start = debuggee.target.now;
      const { cause, time } = await perform(debuggee, stepping.over({ kind: "core" }), PATIENCE);
      expect(cause).toEqual({ kind: "step" });
      expect((await placeOfCore(debuggee)).line).toBeGreaterThan(line);
      // A tick of the clock is a microsecond; the rest is work, of others too.
      expect(Math.floor((time - start) / 1e6)).toBe(sleep);
      expect(debuggee.taskEvents.polledTask).toBe(taskNamed(debuggee, task));
      // The line behind the await is of the same future: so is the step that begins there.
      const next = await perform(debuggee, stepping.over({ kind: "core" }), PATIENCE);
      expect(next.cause).toEqual({ kind: "step" });
      debuggee.dispose();
    }
  });
});

describe("a step that may have ended in another future", { timeout: 120_000 }, () => {
  const DOUBT =
    "this build does not tell here which future of join_versus_spawn::drum is polled: it may be another one";

  it("says so, where several of one async fn are polled by one piece of code and nobody has watched", async () => {
    const debuggee = await poweredOnUntil("samples/prebuilt/join-versus-spawn-join-release.elf", 1e9);
    const { lines, files } = debuggee.firmware.program;
    const file = files.all.find(({ path }) => path.endsWith("join-versus-spawn/src/lib.rs"))!;
    const places = lines.addressesOf(file, LOOP).map((address) => ({ address }));
    await debuggee.runControl.perform(async (runner) => {
      const end = await runner.runTo(places);
      return end.kind === "stopped" ? end.cause : { kind: "step" };
    });
    const stepping = new Stepping(debuggee);
    const { cause } = await perform(debuggee, stepping.over({ kind: "core" }), PATIENCE);
    expect(cause).toEqual({ kind: "step", event: DOUBT });
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

/** Runs to a line of the drummers, and asserts that it was reached. */
async function toBreakpoint(line: number, debuggee: Debuggee): Promise<void> {
  debuggee.breakpoints.setInSource(`/work/${DRUMMERS}`, [{ line }]);
  const until = nanoseconds(debuggee.target.now + PATIENCE);
  const { cause } = await debuggee.runControl.continue({ until });
  expect(cause.kind).toBe("breakpoint");
}

/** The numbers of the drummers in the order in which they beat: each counts in an element of its own. */
function watchBeats({ firmware, target }: Debuggee): number[] {
  const [found] = firmware.program.statics.matching(({ name }) => name === "join_versus_spawn::BEATS");
  const beaten: number[] = [];
  const start = found!.address;
  const where = { kind: "write", address: start, length: 32 } as const;
  const onHit = ({ writeAddress }: TracepointHit) => {
    beaten.push((writeAddress - start) / 4);
    return false;
  };
  target.addTracepoint({ where, collect: [], onHit });
  return beaten;
}

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
