import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import { type ExecutorView, runQueues } from "#adapter/debuggee/executor-state/run-queues";
import { DebuggeeKnowledge, Inspection } from "#adapter/debuggee/inspection";
import { EventKind, NO_TASK, type TaskIndex } from "#adapter/trace/event";
import type { Trace } from "#adapter/trace/trace";
import { instant, launch } from "#test/helpers/run-firmware";

// The queues that are read from memory at one instant tell what comes after it; the trace of what came is the judge
// (that its polls and wakes are Embassy's is the matter of trace-hooks.test.ts).

const PROGRAMS = [
  "test/firmware/hundred-tasks/prebuilt/hundred-tasks-release.elf",
  "test/firmware/findings/prebuilt/findings-two-executors-dev.elf",
  "test/firmware/findings/prebuilt/findings-two-executors-release.elf",
  "samples/prebuilt/producer-consumer-dev.elf",
  "samples/prebuilt/join-versus-spawn-spawn-release.elf",
];

/** What was read at one instant, and how many events the trace had then. */
interface Reading {
  readonly rows: number;
  readonly executors: readonly ExecutorView[];
  readonly made: ReadonlySet<TaskIndex>;
}

describe.each(PROGRAMS)("the run queues of %s", (path) => {
  it("are polled in the order in which they were read, at whichever event that was", async () => {
    const debuggee = await launch(path);
    const knowledge = new DebuggeeKnowledge(debuggee);
    const readings: Reading[] = [];
    debuggee.taskEvents.listen(() => readings.length < 60);
    await runOn(debuggee, "400ms", async () => void readings.push(await readQueues(debuggee, knowledge)));
    judge(readings, debuggee.trace);
    expect(readings.some(({ executors }) => executors.some(({ queue }) => queue.length > 1))).toBe(true);
  });

  it("are whole at every instruction from a wake on", async () => {
    const debuggee = await launch(path);
    const knowledge = new DebuggeeKnowledge(debuggee);
    const readings: Reading[] = [];
    let wakes = 0;
    const listener = debuggee.taskEvents.listen(({ kind }) => kind === EventKind.Wake && ++wakes % 3 === 0);
    await debuggee.run(instant("300ms"));
    listener.remove();
    for (let step = 0; step < 350; step++) {
      readings.push(await readQueues(debuggee, knowledge));
      await debuggee.target.step();
    }
    await debuggee.run(nanoseconds(debuggee.target.now + 200e6));
    judge(readings, debuggee.trace);
    const doubtful = readings.filter(({ executors }) => executors.some(({ doubt }) => doubt !== null));
    expect(doubtful.length).toBeLessThan(readings.length / 50);
  });
});

/** Runs to an instant, and looks wherever something stops it before. */
async function runOn(debuggee: Debuggee, until: string, look: () => Promise<void>): Promise<void> {
  while ((await debuggee.run(instant(until))).kind !== "time") await look();
}

async function readQueues(debuggee: Debuggee, knowledge: DebuggeeKnowledge): Promise<Reading> {
  debuggee.trace.endTime = nanoseconds(Math.round(debuggee.target.now));
  const run = runQueues(await Inspection.of(knowledge));
  if (run.kind === "unknown") throw new Error(run.reason);
  const rows = debuggee.trace.events.length;
  return { rows, executors: run.executors, made: readyTasks(debuggee.trace) };
}

/** The tasks that have been woken or spawned and not polled since. */
function readyTasks(trace: Trace): Set<TaskIndex> {
  const { events } = trace;
  const ready = new Set<TaskIndex>();
  for (let row = 0; row < events.length; row++) {
    const task = events.task(row);
    const kind = events.kind(row);
    if (task === NO_TASK) continue;
    if (kind === EventKind.Spawn || kind === EventKind.Wake) ready.add(task);
    if (kind === EventKind.PollBegin || kind === EventKind.TaskEnd) ready.delete(task);
  }
  return ready;
}

function judge(readings: readonly Reading[], trace: Trace): void {
  const owners = new Map<TaskIndex, number>();
  const { events } = trace;
  for (const { executors } of readings) {
    for (const { address, queue } of executors) for (const { task } of queue) owners.set(task, address);
  }
  for (const { rows, executors, made } of readings) {
    const listed = executors.flatMap(({ queue }) => queue.map(({ task }) => task));
    expect({ rows, ready: listed.toSorted() }).toEqual({ rows, ready: [...made].sort() });
    for (const { address, queue, doubt } of executors) {
      if (doubt !== null) continue;
      const polled: TaskIndex[] = [];
      for (let row = rows; row < events.length && polled.length < 400; row++) {
        const task = events.task(row);
        if (events.kind(row) === EventKind.PollBegin && owners.get(task) === address) polled.push(task);
      }
      const nameOf = (task: TaskIndex) => trace.tasks[task]!.name;
      const first = queue.filter(({ round }) => round !== "next").map(({ task }) => task);
      expect({ rows, polls: polled.slice(0, first.length).map(nameOf) }).toEqual({
        rows,
        polls: first.map(nameOf),
      });
      const later = queue.filter(({ round }) => round === "next").map(({ task }) => task);
      const rest = polled.slice(first.length);
      const order = rest.filter((task, i) => later.includes(task) && rest.indexOf(task) === i);
      expect({ rows, polls: order.map(nameOf) }).toEqual({ rows, polls: later.map(nameOf) });
    }
  }
}
