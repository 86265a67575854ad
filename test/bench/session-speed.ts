import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { DapClient } from "../helpers/dap-client";
import { GDB_SETTINGS, runGdb } from "../helpers/gdb";
import { findTool } from "../helpers/tool";
import { digits, type Line, quantity } from "./line";
import { inTurns, median, medianRatio, secondsOf, type Spent, spentOn, spentSoFar } from "./measure";
import { runAlone } from "./run-alone";

const ROUNDS = 5;
const FIRST_STOP_GOAL = 300;
const STEP_GOAL = 20;
const STEPS = 60;
const STACKS_GOAL = 10;
const STACK_ROUNDS = 15;
const CORE_THREAD = 1;

/** From the start of a process to `main` of the firmware, as a client sees it. */
export function firstStopSpeed(path: string): Promise<Line[]> {
  const rounds: Spent[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const printed = runAlone(["first-stop", path]);
    if (printed === undefined) return Promise.resolve([]);
    rounds.push(JSON.parse(printed) as Spent);
  }
  const spent = median(rounds.map(({ main }) => main)) * 1e3;
  return Promise.resolve([
    {
      what: `${basename(path, ".elf")}: from F5 to the stop at main`,
      ours: quantity(spent, "ms"),
      yardstick: `all threads ${quantity(median(rounds.map(({ all }) => all)) * 1e3, "ms")}`,
      ratio: "-",
      goal: `<= ${FIRST_STOP_GOAL} ms`,
      isMet: spent <= FIRST_STOP_GOAL,
    },
  ]);
}

/** What this process has spent since its start, up to its session's first stop. */
export async function firstStop(path: string): Promise<Spent> {
  await launched(path);
  return spentSoFar();
}

/** How to step on and on, and what to send for it. */
const STEP_KINDS = {
  over: "next",
  in: "stepIn",
  "to next poll": "pollscope/nextPoll",
  "to next wake": "pollscope/nextWake",
  "to end of poll": "pollscope/endOfPoll",
  "to next event of the task": "pollscope/nextTaskEvent",
} as const;

/** Each kind of step, from the request to the event of the stop. `called` is a function that a task calls time and again. */
export async function stepSpeed(path: string, called: string): Promise<Line[]> {
  const name = basename(path, ".elf");
  const lines: Line[] = [];
  for (const [kind, command] of Object.entries(STEP_KINDS)) {
    const client = await launched(path);
    let threadId = await stopAfter(client, "pollscope/nextPoll", CORE_THREAD);
    const times: Spent[] = [];
    while (times.length < STEPS) {
      const from = threadId;
      times.push(
        await spentOn(async () => {
          threadId = await stopAfter(client, command, from);
        }),
      );
      // What steps out of all tasks would step through the executor from there on.
      if (threadId === CORE_THREAD) threadId = await stopAfter(client, "pollscope/nextPoll", CORE_THREAD);
    }
    await client.request("disconnect");
    lines.push(stepLine(`${name}: step ${kind}, p95`, times));
  }
  return [...lines, stepLine(`${name}: step out, p95`, await stepOutTimes(path, called))];
}

async function stepOutTimes(path: string, called: string): Promise<Spent[]> {
  const client = await launched(path);
  await client.request("setFunctionBreakpoints", { breakpoints: [{ name: called }] });
  const times: Spent[] = [];
  while (times.length < STEPS) {
    const threadId = await stopAfter(client, "continue", CORE_THREAD);
    times.push(await spentOn(() => stopAfter(client, "stepOut", threadId)));
  }
  await client.request("disconnect");
  return times;
}

function stepLine(what: string, times: readonly Spent[]): Line {
  const p95 = percentile95(times.map(({ main }) => main)) * 1e3;
  const all = percentile95(times.map((each) => each.all)) * 1e3;
  return {
    what,
    ours: quantity(p95, "ms"),
    yardstick: `all threads ${quantity(all, "ms")}`,
    ratio: "-",
    goal: `<= ${STEP_GOAL} ms`,
    isMet: p95 <= STEP_GOAL,
  };
}

function percentile95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(0.95 * values.length)]!;
}

/** All threads with their stacks at a stop that nothing was asked of before. */
export async function stackSpeed(path: string): Promise<Line[]> {
  const client = await launched(path);
  let threadId = CORE_THREAD;
  let seen = 0;
  const rounds: Spent[] = [];
  while (rounds.length < STACK_ROUNDS) {
    for (let poll = 0; poll < 3; poll++) threadId = await stopAfter(client, "pollscope/nextPoll", threadId);
    rounds.push(
      await spentOn(async () => {
        seen = await allStacks(client);
      }),
    );
  }
  await client.request("disconnect");
  const spent = median(rounds.map(({ main }) => main)) * 1e3;
  return [
    {
      what: `${basename(path, ".elf")}: ${seen} threads with stacks over DAP`,
      ours: quantity(spent, "ms"),
      yardstick: `the first time ${quantity(rounds[0]!.main * 1e3, "ms")}`,
      ratio: "-",
      goal: `<= ${STACKS_GOAL} ms`,
      isMet: spent <= STACKS_GOAL,
    },
  ];
}

/** A hundred line breakpoints, against gdb with the same file. */
export async function breakpointSpeed(path: string, source: string): Promise<Line[]> {
  const count = 100;
  const total = readFileSync(source, "utf8").split("\n").length;
  const lines = Array.from({ length: count }, (_, i) => 1 + Math.floor((i * total) / count));
  const gdb = findTool("gdb-multiarch");
  const times = await inTurns(
    {
      ours: async () => {
        const client = await launched(path);
        const spent = await secondsOf(() =>
          client.request("setBreakpoints", {
            source: { path: source },
            breakpoints: lines.map((line) => ({ line })),
          }),
        );
        await client.request("disconnect");
        return spent;
      },
      gdb: () =>
        gdb === undefined ? Promise.resolve(NaN) : gdbBreakpointSeconds(gdb, path, basename(source), lines),
    },
    ROUNDS,
  );
  const spent = median(times.ours) * 1e3;
  const what = `${basename(path, ".elf")}: set ${count} breakpoints`;
  const ours = quantity(spent, "ms");
  if (gdb === undefined) return [{ what, ours, yardstick: "gdb is not installed", ratio: "-", goal: "-" }];
  return [
    {
      what,
      ours,
      yardstick: `gdb ${quantity(median(times.gdb) * 1e3, "ms")}`,
      ratio: `${digits(medianRatio(times.ours, times.gdb))} x`,
      goal: "-",
    },
  ];
}

async function gdbBreakpointSeconds(
  gdb: string,
  path: string,
  file: string,
  lines: readonly number[],
): Promise<number> {
  const commands = lines.map((line) => `gdb.execute("break ${file}:${line}", to_string=True)`).join("; ");
  const output = await runGdb(gdb, [
    ...GDB_SETTINGS,
    "set breakpoint pending on",
    `file ${path}`,
    "python import time",
    `python began = time.process_time(); ${commands}; print("@spent", time.process_time() - began)`,
  ]);
  const found = /^@spent ([\d.e-]+)$/m.exec(output);
  if (found === null) throw new Error(`gdb does not time its breakpoints:\n${output}`);
  return Number(found[1]);
}

/** A session that stands at `main`. */
async function launched(program: string): Promise<DapClient> {
  const client = new DapClient();
  await client.request("initialize", { adapterID: "pollscope" });
  const response = await client.request("launch", { program, stopOnEntry: true });
  if (!response.success) throw new Error(`${program}: ${response.message}`);
  await client.event("initialized");
  await client.request("configurationDone");
  await client.event("stopped");
  return client;
}

/** Sends a step, and resolves with the thread that has stopped. */
async function stopAfter(client: DapClient, command: string, threadId: number): Promise<number> {
  const response = await client.request(command, { threadId });
  if (!response.success) throw new Error(`${command}: ${response.message}`);
  const { body } = (await client.event("stopped")) as DebugProtocol.StoppedEvent;
  return body.threadId ?? CORE_THREAD;
}

async function allStacks(client: DapClient): Promise<number> {
  const { body } = (await client.request("threads")) as DebugProtocol.ThreadsResponse;
  for (const { id } of body.threads) await client.request("stackTrace", { threadId: id });
  return body.threads.length;
}
