import { describe, expect, it } from "vitest";
import { address } from "#adapter/base/brand";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import { type FirmwareRun, runFirmware, type RunEvent } from "#test/helpers/run-firmware";
import { buildsOf, type FirmwareBuild } from "#test/helpers/run-firmware-builds";

// Embassy's own account of a run, which hooks in the firmware have written to RAM, against ours of the same run, which
// saw nothing but memory and registers. test/firmware/trace-hooks/README.md has the form of the records.
//
// What is made equal before the comparison, and why that is no loss:
// - Rounds of an executor (records 1 and 7) are left out: the trace has no such events.
// - The record "ready" (3) that follows a "new" (2) of the same task is its first queueing. The trace has one event,
//   `spawn`, for both; every other "ready" is a `wake`.
// - Order is compared task by task, and time for each pair. A record is written some microseconds before or after the
//   moment it stands for. An interrupt that comes in between and wakes another task swaps two records of different
//   tasks; the times bound that. The time of such an interrupt is taken off their distance.
// - What happens after the core's last sleep is left out on both sides: the run ends at an instant at which one
//   side may have noted an event already and the other not yet.
// A task that is woken when it has ended is polled by Embassy through `poll_exited`, which polls no future; the trace
// would not show it. These programs never do that, which is asserted.

const KINDS = ["", "round-begin", "new", "ready", "exec-begin", "exec-end", "end", "round-end"] as const;
type RecordKind = (typeof KINDS)[number];

interface HookRecord {
  readonly kind: RecordKind;
  readonly executor: number;
  readonly task: number;
  /** Of the RP2040's timer, which starts when main has set up the clocks; 0 until then. */
  readonly microseconds: number;
}

interface TaskEvent {
  readonly kind: string;
  readonly time: number;
}

/** How far a record may be from the moment it stands for, in nanoseconds; 1000 of it because the timer counts microseconds. */
const HOOK_COST = { dev: 14_000, release: 2_500 } as const;

/** A record's time is cut to a microsecond, and so is the start of the clock that it counts from. */
const ROUNDING = 2_000;

const CAPACITY = 8192;
const RECORD_WORDS = 4;
/** TIMERAWL (RP2040 datasheet 4.6.5). */
const TIMER_RAW_LOW = 0x4005_4028;

const runs = { "trace-hooks": "1s", "two-executors": "600ms" } as const;

for (const [name, time] of Object.entries(runs)) {
  describe.each(buildsOf(name, "test"))(`${name}, $profile, $origin`, (build) => {
    const prepared = () => prepare(build, time);

    it("has the same events of every task, in the same order", async () => {
      const { recorded, observed } = await prepared();
      expect([...observed.keys()].sort()).toEqual([...recorded.keys()].sort());
      for (const [task, events] of recorded) {
        expect({ task, kinds: kindsOf(observed.get(task)!) }).toEqual({ task, kinds: kindsOf(events) });
      }
    });

    it("has them at the same time, within what the hooks take", async () => {
      const { run, recorded, observed, clockStart } = await prepared();
      const interrupts = interruptsOf(run.events);
      const distances = [...recorded].flatMap(([task, events]) =>
        events.flatMap(({ kind, time: hookTime }, i) => {
          const { time: ourTime } = observed.get(task)![i]!;
          const [from, to] = hookTime < ourTime ? [hookTime, ourTime] : [ourTime, hookTime];
          if (hookTime <= clockStart) return [];
          return [{ task, kind, ourTime, distance: to - from - timeInside(interrupts, from, to + ROUNDING) }];
        }),
      );
      expect(distances.length).toBeGreaterThan(500);
      expect(distances.filter(({ distance }) => distance > HOOK_COST[build.profile])).toEqual([]);
    });

    it("polls no task that has ended, so that no record stands for a poll of no future", async () => {
      const { records } = await prepared();
      const alive = new Set<number>();
      const afterEnd = records.filter(({ kind, task }) => {
        if (kind === "new") alive.add(task);
        if (kind === "end") alive.delete(task);
        return kind === "exec-begin" && !alive.has(task);
      });
      expect(afterEnd).toEqual([]);
    });

    it("ran long enough to mean something, and the hooks recorded all of it", async () => {
      const { records, recorded } = await prepared();
      expect(records.length).toBeLessThan(CAPACITY);
      const kinds = [...recorded.values()].flatMap(kindsOf);
      expect(kinds.filter((kind) => kind === "poll-begin").length).toBeGreaterThan(200);
      expect(kinds.filter((kind) => kind === "wake").length).toBeGreaterThan(200);
    });
  });
}

describe.each(buildsOf("trace-hooks", "test"))("trace-hooks, $profile, $origin", (build) => {
  const prepared = () => prepare(build, runs["trace-hooks"]);

  it("shows tasks of every kind", async () => {
    const { recorded } = await prepared();
    const names = [...recorded.keys()];
    expect(names).toEqual(expect.arrayContaining(["worker_task[0]", "worker_task[1]", "worker_task[2]"]));
    expect(kindsOf(recorded.get("short_task")!)).toEqual([
      "spawn",
      ...Array.from({ length: 3 }, () => ["poll-begin", "poll-end", "wake"]).flat(),
      "poll-begin",
      "task-end",
      "poll-end",
    ]);
    // A slot that is used again and again, and a child that ends in its first poll.
    expect(kindsOf(recorded.get("child_task[0]")!).filter((kind) => kind === "spawn").length).toBeGreaterThan(
      20,
    );
    expect(kindsOf(recorded.get("child_task[0]")!).join(" ")).toContain(
      "spawn poll-begin task-end poll-end spawn",
    );
  });
});

describe.each(buildsOf("two-executors", "test"))("two-executors, $profile, $origin", (build) => {
  const prepared = () => prepare(build, runs["two-executors"]);

  it("has each task on the executor that its header names", async () => {
    const { records, run } = await prepared();
    const executors = new Map<string, Set<number>>();
    for (const { executor, task } of records.filter((record) => record.task !== 0)) {
      const name = taskName(run.debuggee, task);
      executors.set(name, (executors.get(name) ?? new Set()).add(executor));
    }
    const [inThread, inInterrupt] = ["busy_task", "urgent_task"].map((name) => executors.get(name));
    expect([inThread!.size, inInterrupt!.size]).toEqual([1, 1]);
    expect(inThread).not.toEqual(inInterrupt);
    expect(executors.get("alarm_task")).toEqual(inThread);
    expect(executors.get("order_task")).toEqual(inInterrupt);
  });

  it("shows polls of the interrupt's executor inside its interrupt, and inside polls of the other", async () => {
    const { run } = await prepared();
    const places = nestingOfPolls(run.events);
    for (const task of ["urgent_task", "order_task"]) {
      expect([...places.get(task)!].filter((place) => !place.startsWith("SWI_IRQ_1"))).toEqual([]);
      expect([...places.get(task)!]).toEqual(expect.arrayContaining(["SWI_IRQ_1", "SWI_IRQ_1 busy_task"]));
    }
    expect(places.get("busy_task")).toEqual(new Set([""]));
  });
});

interface Prepared {
  readonly run: FirmwareRun;
  readonly records: readonly HookRecord[];
  readonly recorded: Map<string, TaskEvent[]>;
  readonly observed: Map<string, TaskEvent[]>;
  /** When the timer began to count, in the trace's time. */
  readonly clockStart: number;
}

const preparations = new Map<string, Promise<Prepared>>();

function prepare({ path }: FirmwareBuild, time: string): Promise<Prepared> {
  let prepared = preparations.get(path);
  if (prepared === undefined) {
    prepared = runAndRead(path, time);
    preparations.set(path, prepared);
  }
  return prepared;
}

async function runAndRead(path: string, time: string): Promise<Prepared> {
  const run = await runFirmware(path, { for: time, presses: ["15@300ms", "15@500.05ms"] });
  const records = await readRecords(run.debuggee);
  const { target } = run.debuggee;
  const [timer] = await readWords(run.debuggee, TIMER_RAW_LOW, 1);
  const clockStart = target.now - timer! * 1000;
  const lastSleep = run.events.findLast(({ event }) => event === "sleep-begin")!.time;
  const recorded = taskEventsOf(records, run.debuggee, clockStart);
  // The executor knows nothing of locks.
  const observed = byTask(
    run.events.flatMap(({ task, event, time: at }) =>
      task && event !== "lock" ? [{ task, kind: event, time: at }] : [],
    ),
  );
  return {
    run,
    records,
    recorded: until(lastSleep, recorded),
    observed: until(lastSleep, observed),
    clockStart,
  };
}

/** The hooks' records as the events they stand for, by task. */
function taskEventsOf(
  records: readonly HookRecord[],
  debuggee: Debuggee,
  clockStart: number,
): Map<string, TaskEvent[]> {
  const events: (TaskEvent & { readonly task: string })[] = [];
  const isNew = new Set<number>();
  for (const { kind, task, microseconds } of records) {
    if (kind === "round-begin" || kind === "round-end") continue;
    if (kind === "new") isNew.add(task);
    else if (isNew.delete(task)) {
      expect(kind).toBe("ready");
      continue;
    }
    const time = clockStart + microseconds * 1000;
    events.push({ task: taskName(debuggee, task), kind: EVENT_OF_RECORD[kind] ?? kind, time });
  }
  return byTask(events);
}

function byTask(events: readonly (TaskEvent & { readonly task: string })[]): Map<string, TaskEvent[]> {
  const groups = new Map<string, TaskEvent[]>();
  for (const { task, kind, time } of events) {
    const group = groups.get(task) ?? [];
    groups.set(task, group);
    group.push({ kind, time });
  }
  return groups;
}

const EVENT_OF_RECORD: Readonly<Partial<Record<RecordKind, string>>> = {
  new: "spawn",
  ready: "wake",
  "exec-begin": "poll-begin",
  "exec-end": "poll-end",
  end: "task-end",
};

async function readRecords(debuggee: Debuggee): Promise<HookRecord[]> {
  const { symbols } = debuggee.firmware.elf;
  const ring = symbols.byName("POLLSCOPE_TRACE_RING")!;
  expect(ring.size).toBe(CAPACITY * RECORD_WORDS * 4);
  const [count] = await readWords(debuggee, symbols.byName("POLLSCOPE_TRACE_COUNT")!.address, 1);
  const words = await readWords(debuggee, ring.address, count! * RECORD_WORDS);
  return Array.from({ length: count! }, (_, i) => {
    const [kind, executor, task, microseconds] = words.slice(i * RECORD_WORDS);
    return { kind: KINDS[kind!]!, executor: executor!, task: task!, microseconds: microseconds! };
  });
}

async function readWords({ target }: Debuggee, at: number, count: number): Promise<number[]> {
  const bytes = await target.readMemory(address(at), count * 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, i) => view.getUint32(i * 4, true));
}

/** The name that the trace has for the task whose header lies at an address. */
function taskName({ trace }: Debuggee, header: number): string {
  return trace.tasks.find((task) => task.address === header)?.name ?? `no task at ${header.toString(16)}`;
}

function until(end: number, events: ReadonlyMap<string, TaskEvent[]>): Map<string, TaskEvent[]> {
  return new Map([...events].map(([task, list]) => [task, list.filter(({ time }) => time < end)]));
}

function kindsOf(events: readonly TaskEvent[]): string[] {
  return events.map(({ kind }) => kind);
}

interface Interval {
  readonly begin: number;
  readonly end: number;
}

/** From the begin to the end of each interrupt handler, in the order of their ends. */
function interruptsOf(events: readonly RunEvent[]): Interval[] {
  const begun: number[] = [];
  const found: Interval[] = [];
  for (const { event, time } of events) {
    if (event === "irq-begin") begun.push(time);
    else if (event === "irq-end") found.push({ begin: begun.pop()!, end: time });
  }
  return found;
}

/** How much of the time between two instants was spent in interrupts that began and ended between them. */
function timeInside(interrupts: readonly Interval[], from: number, to: number): number {
  let sum = 0;
  let counted = to;
  // Backwards, an outer interrupt comes before those inside it.
  for (const { begin, end } of interrupts.toReversed()) {
    if (begin <= from || end > counted) continue;
    sum += end - begin;
    counted = begin;
  }
  return sum;
}

/** What each poll of a task has begun inside of: the interrupts and polls around it, innermost first. */
function nestingOfPolls(events: readonly RunEvent[]): Map<string, Set<string>> {
  const around: string[] = [];
  const found = new Map<string, Set<string>>();
  for (const { event, task, exception } of events) {
    if (event === "poll-begin") {
      found.set(task!, (found.get(task!) ?? new Set()).add(around.join(" ")));
      around.unshift(task!);
    } else if (event === "irq-begin") around.unshift(exception!);
    else if (event === "poll-end" || event === "irq-end") around.shift();
  }
  return found;
}
