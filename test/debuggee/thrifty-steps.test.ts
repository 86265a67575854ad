import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { UserError } from "#adapter/base/errors";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import type { StopCause } from "#adapter/debuggee/run-control/stop";
import { Stepping } from "#adapter/debuggee/stepping/stepping";
import { Register } from "#adapter/target/architecture";
import { expectGolden } from "#test/helpers/golden";
import {
  DEV_FIRMWARE,
  perform,
  placeOfCore,
  poweredOn,
  sourceText,
  taskNamed,
  toFirstLine,
} from "#test/helpers/stepping";
import { asOnBoard, performOnBoard, type StepCost } from "#test/helpers/thrifty";

const PATIENCE = nanoseconds(1e9);
/** Steps that wait for longer cost the machine that runs this more than they show. */
const SHORT = nanoseconds(0.3e9);
const WARM_UP = nanoseconds(0.15e9);

const RELEASE_FIRMWARE = [
  ...readdirSync("samples/prebuilt").map((name) => `samples/prebuilt/${name}`),
  "test/firmware/stepping/prebuilt/stepping-release.elf",
  "test/firmware/prebuilt/two-executors-release.elf",
].filter((path) => path.endsWith("-release.elf"));

const BUILDS = {
  dev: [...DEV_FIRMWARE, "test/firmware/prebuilt/two-executors-dev.elf"],
  release: RELEASE_FIRMWARE,
} as const;

/** How many steps of each kind each task goes. */
const STEPS = { over: 12, in: 10, out: 2 } as const;

type Kind = keyof typeof STEPS;

/** Executors written by hand: where nobody watches them, nothing is known of their tasks. */
const isHandWritten = (path: string) => basename(path).startsWith("countdown");

/** Steps that end elsewhere than those of the emulator, by nature. */
const EXCEPTIONS: readonly {
  readonly path: string;
  readonly kinds: readonly Kind[];
  readonly task: string;
  readonly isExpected: (want: StopCause, got: StopCause) => boolean;
}[] = [
  {
    // Which of eight futures a piece of code polls was seen on the way by who has watched it; else it is a guess, and said.
    path: "samples/prebuilt/join-versus-spawn-join-release.elf",
    kinds: ["over", "in"],
    task: "band_task",
    isExpected: (_, got) => got.kind === "step" && got.event?.endsWith("it may be another one") === true,
  },
  {
    // The closure that makes eight futures is called again at the same height of the stack, which looks like its next
    // pass; who steps with few breakpoints is back at the line that has it called.
    path: "test/firmware/samples-dev/join-versus-spawn-join-dev.elf",
    kinds: ["in"],
    task: "band_task",
    isExpected: (want, got) => want.kind === "step" && got.kind === "step",
  },
];

const CASES = (["over", "in", "out"] as const).flatMap((kind) =>
  (["dev", "release"] as const).map((build) => ({ kind, build })),
);

describe("steps with two breakpoints", { timeout: 300_000 }, () => {
  it.each(CASES)(
    "end at the instruction and the instant at which those of the emulator end: $kind, $build",
    async ({ kind, build }) => {
      const lines: string[] = [];
      const all: StepCost[] = [];
      for (const path of BUILDS[build].filter((each) => !isHandWritten(each))) {
        const costs: StepCost[] = [];
        for (const task of await tasksOf(path)) costs.push(...(await walkBoth(path, task, kind)));
        all.push(...costs);
        lines.push(`${basename(path, ".elf").padEnd(44)} ${costText(costs)}`);
      }
      lines.push(`${"all".padEnd(44)} ${costText(all)}`);
      expectGolden(`stepping/thrifty/${kind}-${build}.txt`, `${lines.join("\n")}\n`);
    },
  );
});

async function tasksOf(path: string): Promise<string[]> {
  const debuggee = await poweredOn(path);
  await debuggee.runControl.continue({ until: WARM_UP });
  const names = debuggee.trace.tasks.map(({ name }) => name);
  debuggee.dispose();
  return names;
}

/** Steps a task of two machines alike, the one as today, the other as a board, and compares every stop. */
async function walkBoth(path: string, name: string, kind: Kind): Promise<StepCost[]> {
  const machines = [await atTask(path, name), await atTask(path, name)] as const;
  const [watched, board] = machines;
  const subject = { kind: "task", task: taskNamed(watched, name) } as const;
  const [over, thrifty] = [new Stepping(watched), new Stepping(asOnBoard(board))];
  const costs: StepCost[] = [];
  for (let i = 0; i < STEPS[kind]; i++) {
    const title = `${path} ${name}, step ${i} from line ${(await placeOfCore(watched)).line}`;
    const { cause: want } = await perform(watched, over[kind](subject), SHORT);
    const { stop, cost } = await performOnBoard(board, thrifty[kind](subject), SHORT);
    costs.push(cost);
    const isSame = (await positionOf(watched)) === (await positionOf(board));
    const exception = EXCEPTIONS.find(
      (each) => each.path === path && each.task === name && each.kinds.includes(kind),
    );
    if (exception !== undefined && !isSame) {
      expect(exception.isExpected(want, stop.cause), title).toBe(true);
      break;
    }
    expect(await positionOf(board), title).toBe(await positionOf(watched));
    expect(stop.cause, title).toEqual(want);
    if (want.kind !== "step") break;
  }
  for (const each of machines) each.dispose();
  return costs;
}

/** At the first line of a task; if that has no code of its own, or was not come to, at some instant. */
async function atTask(path: string, name: string): Promise<Debuggee> {
  const debuggee = await poweredOn(path);
  const isDev = path.endsWith("-dev.elf");
  if (
    isDev &&
    (await toFirstLine(debuggee, taskNamed(debuggee, name)).then(
      () => true,
      () => false,
    ))
  )
    return debuggee;
  debuggee.dispose();
  const later = await poweredOn(path);
  await later.runControl.continue({ until: WARM_UP });
  return later;
}

async function positionOf({ target }: Debuggee): Promise<string> {
  const registers = await target.readRegisters();
  return `${registers[Register.pc]!.toString(16)} at ${target.now}`;
}

function costText(costs: readonly StepCost[]): string {
  const stops = costs.map(({ runs, instructions }) => runs + instructions).sort((a, b) => a - b);
  const runs = costs.reduce((sum, each) => sum + each.runs, 0);
  const instructions = costs.reduce((sum, each) => sum + each.instructions, 0);
  const median = stops[stops.length >> 1] ?? 0;
  const most = stops[Math.floor(stops.length * 0.9)] ?? 0;
  return (
    `${costs.length} steps of ${runs} runs and ${instructions} single instructions; ` +
    `halts of a step: median ${median}, nine of ten at most ${most}, worst ${stops.at(-1) ?? 0}`
  );
}

describe("a step with two breakpoints", { timeout: 60_000 }, () => {
  it("keeps to its task in a storm of interrupts", async () => {
    const path = "test/firmware/stepping/prebuilt/stepping-dev.elf";
    const board = await atTask(path, "disturbed_task");
    let entered = 0;
    board.target.observe({ onExceptionEntry: () => (entered += 1) });
    const stepping = new Stepping(asOnBoard(board));
    const task = taskNamed(board, "disturbed_task");
    for (let i = 0; i < 7; i++) {
      const { stop } = await performOnBoard(board, stepping.over({ kind: "task", task }), PATIENCE);
      expect(stop.cause.kind).toBe("step");
      expect(board.taskEvents.polledTask).toBe(task);
    }
    expect(entered).toBeGreaterThan(20);
  });

  it("gives way to a breakpoint in another task, and can be taken again", async () => {
    const board = await poweredOn("samples/prebuilt/cancellation-bad-dev.elf");
    await board.runControl.continue({ until: WARM_UP });
    const stepping = new Stepping(asOnBoard(board));
    const task = taskNamed(board, "teller_task");
    const source = board.firmware.program.files.matching("cancellation/src/lib.rs")[0]!;
    const line =
      sourceText(source.path)
        .split("\n")
        .findIndex((text) => text.includes("MISSING.store")) + 1;
    const { id } = board.breakpoints.setInSource(source.path, [{ line }])[0]!;
    const over = () => performOnBoard(board, stepping.over({ kind: "task", task }), PATIENCE);
    expect((await over()).stop.cause).toEqual({ kind: "breakpoint", ids: [id] });
    expect(board.taskEvents.polledTask).toBe(taskNamed(board, "audit_task"));
    expect((await over()).stop.cause).toEqual({ kind: "step" });
    expect(board.taskEvents.polledTask).toBe(task);
  });

  it("of a task of an executor written by hand is refused", async () => {
    const board = await poweredOn("samples/prebuilt/countdown-dev.elf");
    await board.runControl.continue({ until: WARM_UP });
    const stepping = new Stepping(asOnBoard(board));
    const task = taskNamed(board, board.trace.tasks[0]!.name);
    const step = performOnBoard(board, stepping.over({ kind: "task", task }), PATIENCE);
    await expect(step).rejects.toThrow(UserError);
  });

  it("goes nowhere once the task has ended, and says so", async () => {
    const board = await poweredOn("samples/prebuilt/producer-consumer-dev.elf");
    await board.runControl.continue({ until: WARM_UP });
    const before = board.target.now;
    const stepping = new Stepping(asOnBoard(board));
    const subject = { kind: "task", task: taskNamed(board, "main") } as const;
    const { stop } = await performOnBoard(board, stepping.over(subject), PATIENCE);
    expect(stop.cause).toMatchObject({ event: expect.stringContaining("main has no future") as string });
    expect(board.target.now).toBe(before);
  });
});

describe("steps by task events with two breakpoints", { timeout: 120_000 }, () => {
  const FIRMWARE = [...BUILDS.dev, ...BUILDS.release].filter((path) => !isHandWritten(path));

  it.each(FIRMWARE)("go where polls begin and end in %s", async (path) => {
    const machines = [await poweredOn(path), await poweredOn(path)] as const;
    for (const each of machines) await each.runControl.continue({ until: WARM_UP });
    const [watched, board] = machines;
    const [today, thrifty] = [new Stepping(watched), new Stepping(asOnBoard(board))];
    for (let i = 0; i < 4; i++) {
      for (const kind of ["toNextPoll", "toPollEnd"] as const) {
        await perform(watched, today[kind](), PATIENCE);
        await performOnBoard(board, thrifty[kind](), PATIENCE);
        expect(await positionOf(board), `${kind} ${i}`).toBe(await positionOf(watched));
      }
    }
  });

  it("say why there are none to wakes", async () => {
    const board = await poweredOn("samples/prebuilt/blink-dev.elf");
    const stepping = new Stepping(asOnBoard(board));
    expect(() => stepping.toNextWake()).toThrow(UserError);
    expect(() => stepping.toNextEventOf(undefined)).toThrow(/wake is a store/);
  });

  it("say which task is polled", async () => {
    const board = await poweredOn("samples/prebuilt/blink-dev.elf");
    await board.runControl.continue({ until: WARM_UP });
    const stepping = new Stepping(asOnBoard(board));
    const { stop } = await performOnBoard(board, stepping.toNextPoll(), PATIENCE);
    const name = board.trace.tasks.find(
      (each) => stop.cause.kind === "step" && stop.cause.event === `a poll of ${each.name} begins`,
    )?.name;
    expect(name).toBeDefined();
    const { stop: end } = await performOnBoard(board, stepping.toPollEnd(), PATIENCE);
    expect(end.cause).toEqual({ kind: "step", event: `the poll of ${name!} ends` });
  });
});
