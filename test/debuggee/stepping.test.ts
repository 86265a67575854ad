import { describe, expect, it } from "vitest";
import { address, nanoseconds } from "#adapter/base/brand";
import { machineBacktrace } from "#adapter/debuggee/core-backtrace";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import { inspectTasks } from "#adapter/debuggee/inspect-tasks";
import type { StopCause } from "#adapter/debuggee/run-control/stop";
import { Stepping } from "#adapter/debuggee/stepping/stepping";
import { Register, exceptionNumber } from "#adapter/target/architecture";
import { EventKind, type TaskIndex } from "#adapter/trace/event";
import { suspendMarkers } from "#test/helpers/markers";
import { perform, placeOfCore, poweredOn, sourceText, taskNamed } from "#test/helpers/stepping";

const CANCELLATION = "samples/prebuilt/cancellation-bad-dev.elf";
const PRODUCER = "samples/prebuilt/producer-consumer-dev.elf";
const STEPPING = "test/firmware/stepping/prebuilt/stepping-dev.elf";
const TWO_EXECUTORS = "test/firmware/prebuilt/two-executors-dev.elf";
const PATIENCE = nanoseconds(1e9);

/** A firmware that has run for a while, with its steps. */
async function runningFor(path: string, milliseconds: number) {
  const debuggee = await poweredOn(path);
  await debuggee.runControl.continue({ until: nanoseconds(milliseconds * 1e6) });
  return { debuggee, stepping: new Stepping(debuggee) };
}

function causeOf(debuggee: Debuggee, movement: Parameters<typeof perform>[1]): Promise<StopCause> {
  return perform(debuggee, movement, PATIENCE).then(({ cause }) => cause);
}

/** The text of the line at which the core stands. */
async function lineText(debuggee: Debuggee): Promise<string> {
  const { file, line } = await placeOfCore(debuggee);
  const text = sourceText(file).split("\n")[line - 1] ?? "";
  return text.replace(/\/\/.*/, "").trim();
}

function exceptionOf(registers: Uint32Array): number {
  return exceptionNumber(registers[Register.xpsr]!);
}

describe("a task that is suspended", () => {
  it("is stepped over its innermost await", async () => {
    const { debuggee, stepping } = await runningFor(CANCELLATION, 240);
    const task = taskNamed(debuggee, "teller_task");
    // The first branch of the select is `transfer`, in `write_page`, on its timer.
    expect(await causeOf(debuggee, stepping.over({ kind: "task", task }))).toEqual({ kind: "step" });
    expect(debuggee.taskEvents.polledTask).toBe(task);
    expect((await placeOfCore(debuggee)).name).toContain("write_page");
    expect(await lineText(debuggee)).toBe("}");
  });

  it("is stepped out of its innermost async fn, to the one that awaits it", async () => {
    const { debuggee, stepping } = await runningFor(CANCELLATION, 240);
    const task = taskNamed(debuggee, "teller_task");
    await causeOf(debuggee, stepping.out({ kind: "task", task }));
    const markers = suspendMarkers("samples/cancellation/src/bin/bad.rs");
    expect((await placeOfCore(debuggee)).line).toBe(markers.get("transfer-taken"));
    await causeOf(debuggee, stepping.over({ kind: "task", task }));
    expect(await lineText(debuggee)).toBe("bank.theirs.set(bank.theirs.get() + AMOUNT);");
  });

  it("is stepped in the future that is chosen", async () => {
    const { debuggee, stepping } = await runningFor(CANCELLATION, 240);
    const task = taskNamed(debuggee, "teller_task");
    const future = (await inspectTasks(debuggee))[task]!.future!;
    await causeOf(debuggee, stepping.over({ kind: "task", task, future }));
    const markers = suspendMarkers("samples/cancellation/src/bin/bad.rs");
    expect((await placeOfCore(debuggee)).line).toBe(markers.get("teller-tick"));
  });

  it("is stepped into at the next line of the user's that it executes", async () => {
    const { debuggee, stepping } = await runningFor(PRODUCER, 150);
    const task = taskNamed(debuggee, "producer_task");
    await causeOf(debuggee, stepping.in({ kind: "task", task }));
    expect(await lineText(debuggee)).toBe("let value = sensor.measure();");
    await causeOf(debuggee, stepping.in({ kind: "task", task }));
    expect((await placeOfCore(debuggee)).name).toBe("producer_consumer::Sensor::measure");
  });

  it("goes nowhere once it has ended, and says so", async () => {
    const { debuggee, stepping } = await runningFor(PRODUCER, 150);
    const before = debuggee.target.now;
    const task = taskNamed(debuggee, "main");
    const cause = await causeOf(debuggee, stepping.over({ kind: "task", task }));
    expect(cause).toMatchObject({
      kind: "step",
      event: expect.stringContaining("main has no future") as string,
    });
    expect(debuggee.target.now).toBe(before);
  });
});

describe("a function that is executed", () => {
  async function inMeasure() {
    const { debuggee, stepping } = await runningFor(PRODUCER, 150);
    const task = taskNamed(debuggee, "producer_task");
    for (let i = 0; i < 2; i++) await causeOf(debuggee, stepping.in({ kind: "task", task }));
    return { debuggee, stepping, core: { kind: "core" } as const };
  }

  it("is stepped out of to the line of the call", async () => {
    const { debuggee, stepping, core } = await inMeasure();
    await causeOf(debuggee, stepping.out(core));
    expect(await lineText(debuggee)).toBe("let value = sensor.measure();");
    await causeOf(debuggee, stepping.over(core));
    expect(await lineText(debuggee)).toContain("LATEST.lock().await");
  });

  it("is not stepped out of if it never returns, which is said", async () => {
    const { debuggee, stepping } = await runningFor("samples/prebuilt/blink-release.elf", 200);
    const before = debuggee.target.now;
    expect(await causeOf(debuggee, stepping.out({ kind: "core" }))).toEqual({
      kind: "step",
      event: "embassy_executor::platform::thread::Executor::run never returns",
    });
    expect(debuggee.target.now).toBe(before);
  });

  it("is stepped by instruction, over a call to what is behind it", async () => {
    const { debuggee, stepping, core } = await inMeasure();
    await causeOf(debuggee, stepping.out(core));
    await causeOf(debuggee, stepping.over(core));
    const { target } = debuggee;
    let calls = 0;
    for (let i = 0; i < 40; i++) {
      const before = await target.readRegisters();
      const [first, second] = await halfwords(debuggee, before[Register.pc]!);
      const isCall = (first! & 0xf800) === 0xf000 && (second! & 0xd000) === 0xd000;
      await causeOf(debuggee, stepping.over(core, "instruction"));
      const after = await target.readRegisters();
      if (!isCall) continue;
      calls++;
      expect(after[Register.pc]).toBe(before[Register.pc]! + 4);
      expect(after[Register.sp]).toBe(before[Register.sp]);
    }
    expect(calls).toBeGreaterThan(2);
  });
});

describe("an interrupt", () => {
  it("does not divert a step by instruction", async () => {
    // When the first handler runs after the task has begun, by a run of its own.
    const { debuggee: first } = await runningFor(TWO_EXECUTORS, 140);
    let entered = 0;
    first.target.observe({ onExceptionEntry: (time) => (entered ||= time) });
    await first.runControl.continue({ until: nanoseconds(160e6) });
    const { debuggee, stepping } = await runningFor(TWO_EXECUTORS, 0);
    await debuggee.runControl.continue({ until: nanoseconds(entered - 300) });
    const level = exceptionOf(await debuggee.target.readRegisters());
    for (let i = 0; i < 60; i++) {
      await causeOf(debuggee, stepping.in({ kind: "core" }, "instruction"));
      expect(exceptionOf(await debuggee.target.readRegisters())).toBe(level);
    }
    expect(debuggee.target.now).toBeGreaterThan(entered);
  });

  it("is stepped out of to what it has interrupted", async () => {
    const { debuggee, stepping } = await runningFor(PRODUCER, 150);
    const handler = debuggee.firmware.program.functions.withLinkageName("TIMER_IRQ_0")!;
    await debuggee.runControl.perform(async (runner) => {
      const end = await runner.runTo([{ address: handler.address }]);
      return end.kind === "stopped" ? end.cause : { kind: "step" };
    });
    expect(exceptionOf(await debuggee.target.readRegisters())).not.toBe(0);
    const { frames } = await machineBacktrace(debuggee);
    const interrupted = frames[frames.findIndex(({ kind }) => kind === "exception") + 1]!;
    for (let i = 0; i < 10 && exceptionOf(await debuggee.target.readRegisters()) !== 0; i++) {
      await causeOf(debuggee, stepping.out({ kind: "core" }));
    }
    const registers = await debuggee.target.readRegisters();
    expect(exceptionOf(registers)).toBe(0);
    expect(registers[Register.pc]).toBe(interrupted.pc);
  });
});

describe("breakpoints of the user", () => {
  it("in other tasks stop a step over an .await, and the step can be taken again", async () => {
    const { debuggee, stepping } = await runningFor(CANCELLATION, 150);
    const task = taskNamed(debuggee, "teller_task");
    const source = debuggee.firmware.program.files.matching("cancellation/src/lib.rs")[0]!;
    const line =
      sourceText(source.path)
        .split("\n")
        .findIndex((text) => text.includes("MISSING.store")) + 1;
    const id = debuggee.breakpoints.setInSource(source.path, [{ line }])[0]!.id;
    const cause = await causeOf(debuggee, stepping.over({ kind: "task", task }));
    expect(cause).toEqual({ kind: "breakpoint", ids: [id] });
    expect(debuggee.taskEvents.polledTask).toBe(taskNamed(debuggee, "audit_task"));
    expect(await causeOf(debuggee, stepping.over({ kind: "task", task }))).toEqual({ kind: "step" });
    expect(await lineText(debuggee)).toContain("select(transfer(bank)");
  });
});

describe("steps by task events", () => {
  it("go to the next poll, with its number and who woke the task", async () => {
    const { debuggee, stepping } = await runningFor(STEPPING, 140);
    const { trace } = debuggee;
    for (let i = 0; i < 20; i++) {
      const cause = await causeOf(debuggee, stepping.toNextPoll());
      const task = debuggee.taskEvents.polledTask!;
      const polls = rowsOf(debuggee, task, EventKind.PollBegin).length;
      const woken = rowsOf(debuggee, task, EventKind.Wake).at(-1)!;
      expect(trace.events.kind(trace.events.length - 1)).toBe(EventKind.PollBegin);
      const text = cause.kind === "step" ? cause.event : undefined;
      expect(text).toMatch(
        new RegExp(`^poll ${polls} of ${escaped(trace.tasks[task]!.name)} begins, woken by `),
      );
      const seconds = Number(/at ([\d. ]+) s$/.exec(text ?? "")![1]!.replaceAll(" ", ""));
      expect(seconds * 1e9).toBeCloseTo(trace.events.time(woken), 0);
    }
  });

  // In a release build the lock is taken before the measurement is stored.
  const FOLLOWED = [
    ["dev", "let value = sensor.measure();"],
    ["release", "let mut latest = LATEST.lock().await;"],
  ] as const;

  it.each(FOLLOWED)(
    "are followed by steps of the task whose poll begins or ends (%s)",
    async (profile, next) => {
      const { debuggee, stepping } = await runningFor(
        `samples/prebuilt/producer-consumer-${profile}.elf`,
        150,
      );
      const task = taskNamed(debuggee, "producer_task");
      const subject = { kind: "task", task } as const;
      await causeOf(debuggee, stepping.toNextPoll());
      expect(debuggee.taskEvents.polledTask).toBe(task);
      await causeOf(debuggee, stepping.over(subject));
      expect(await lineText(debuggee)).toBe(next);
      await causeOf(debuggee, stepping.toPollEnd());
      expect(debuggee.taskEvents.polledTask).toBeUndefined();
      const polls = rowsOf(debuggee, task, EventKind.PollBegin).length;
      await causeOf(debuggee, stepping.over(subject));
      expect(await lineText(debuggee)).toBe(next);
      expect(rowsOf(debuggee, task, EventKind.PollBegin)).toHaveLength(polls + 1);
    },
  );

  it("go to wakes, ends of polls and the next event of a task", async () => {
    const { debuggee, stepping } = await runningFor(STEPPING, 136);
    const texts: string[] = [];
    const task = taskNamed(debuggee, "noise_task");
    const movements = [
      stepping.toNextWake(),
      stepping.toNextPoll(),
      stepping.toPollEnd(),
      ...Array.from({ length: 4 }, () => stepping.toNextEventOf(task)),
    ];
    for (const movement of movements) {
      const cause = await causeOf(debuggee, movement);
      texts.push(cause.kind === "step" ? (cause.event ?? "") : cause.kind);
    }
    expect(texts.join("\n")).toMatchInlineSnapshot(`
      "noise_task woken by nameless_task at 0.136 149 190 s
      poll 5 of generic_task begins, woken by itself at 0.135 658 166 s
      poll 5 of generic_task ends: pending at main.rs:95, awaiting Join3<stepping::scaled, stepping::scaled, stepping::scaled>
      poll 4 of noise_task begins, woken by nameless_task at 0.136 149 190 s
      poll 4 of noise_task ends: pending at main.rs:58, awaiting Timer
      noise_task woken by TIMER_IRQ_0 at 0.137 342 918 s
      poll 5 of noise_task begins, woken by TIMER_IRQ_0 at 0.137 342 918 s"
    `);
  });
});

function rowsOf({ trace: { events } }: Debuggee, task: TaskIndex, kind: EventKind): number[] {
  return Array.from({ length: events.length }, (_, row) => row).filter(
    (row) => events.task(row) === task && events.kind(row) === kind,
  );
}

async function halfwords({ target }: Debuggee, at: number): Promise<number[]> {
  const bytes = await target.readMemory(address(at), 4);
  return [bytes[0]! | (bytes[1]! << 8), bytes[2]! | (bytes[3]! << 8)];
}

function escaped(text: string): string {
  return text.replace(/[[\]]/g, "\\$&");
}
