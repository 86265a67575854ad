import { basename } from "node:path";
import { seconds } from "#adapter/chip/rp2040/rp2040";
import { coreBacktrace } from "#adapter/debuggee/core-backtrace";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { loadFirmware } from "#adapter/debuggee/firmware";
import { inspectTasks } from "#adapter/debuggee/inspect-tasks";
import type { FutureNode } from "#adapter/futures/await-tree";
import { startGdbServer } from "#adapter/gdb-server/tcp-server";
import { valueText } from "#adapter/values/value-text";
import { GDB_SETTINGS, runGdb } from "../helpers/gdb";
import { findTool } from "../helpers/tool";
import { digits, type Line, quantity } from "./line";
import { type Contender, inTurns, median, medianRatio, secondsOf, spentOn } from "./measure";
import { runAlone } from "./run-alone";

const ROUNDS = 5;
const TASK_ROUNDS = 15;
/** V8 compiles for as many looks in the background, and that counts as processor time as well. */
const WARM_UPS = 40;

/** Long enough for all tasks to have been polled several times. */
const TASKS_AT = seconds(2);
const TASKS_GOAL = 10;

/** Deep in the timer's interrupt, which has interrupted the executor: over twenty functions. */
const STOP = { after: seconds(0.3), at: "embassy_executor::raw::waker::wake" } as const;
const BACKTRACE_GOAL = 2;
const FIRST_ANSWER_GOAL = 100;

/** All tasks of a firmware decoded, with their chains, their values and what they wait for. */
export async function taskSpeed(path: string): Promise<Line[]> {
  const debuggee = new Debuggee(await loadFirmware(path));
  await debuggee.run(TASKS_AT);
  let decoded = 0;
  for (let i = 0; i < WARM_UPS; i++) await shownTasks(debuggee);
  const times = await inTurns(
    {
      first: () => Promise.resolve(Number(runAlone(["first-tasks", path]))),
      ours: () =>
        secondsOf(async () => {
          decoded = await shownTasks(debuggee);
        }),
    },
    TASK_ROUNDS,
  );
  if (decoded < 100) throw new Error(`${path} has only ${decoded} tasks to decode`);
  const spent = median(times.ours) * 1e3;
  return [
    {
      what: `${basename(path, ".elf")}: ${decoded} tasks, chains and values`,
      ours: quantity(spent, "ms"),
      yardstick: "no other debugger decodes them",
      ratio: "-",
      goal: `<= ${TASKS_GOAL} ms`,
      isMet: spent <= TASKS_GOAL,
    },
    firstTasksLine("  observer and the first look", times.first),
  ];
}

/** The texts of all that a future and what it awaits keep: values are not read before they are shown. */
function charactersShown({ name, wait, fields, locals, children }: FutureNode): number {
  const texts = [name, wait?.text, fields, ...locals.map(({ text }) => text)];
  const own = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  return children.reduce((sum, child) => sum + charactersShown(child), own);
}

/**
 * The backtrace of a stopped core with its functions' arguments, first and later, against gdb at the same stop.
 * Both are timed on the thread that makes them: that V8 tidies up beside it delays nobody.
 */
export async function backtraceSpeed(path: string): Promise<Line[]> {
  const debuggee = await stopped(path);
  for (let i = 0; i < WARM_UPS; i++) await backtraceText(debuggee);
  const gdb = findTool("gdb-multiarch");
  const contenders: Record<string, Contender> = {
    first: () => Promise.resolve(Number(runAlone(["first-answer", path]))),
    again: async () => (await spentOn(() => backtraceText(debuggee))).main,
    ...(gdb !== undefined && {
      gdbFirst: () => gdbSeconds(gdb, path, debuggee, "first"),
      gdbAgain: () => gdbSeconds(gdb, path, debuggee, "again"),
    }),
  };
  const times = await inTurns(contenders, ROUNDS);
  const line = (what: string, name: "first" | "again", goal: number): Line => {
    const spent = median(times[name]!) * 1e3;
    const common = { what, ours: quantity(spent, "ms"), goal: `<= ${goal} ms`, isMet: spent <= goal };
    const theirs = times[name === "first" ? "gdbFirst" : "gdbAgain"];
    if (theirs === undefined) return { ...common, yardstick: "gdb is not installed", ratio: "-" };
    const yardstick = `gdb ${quantity(median(theirs) * 1e3, "ms")}`;
    return { ...common, yardstick, ratio: `${digits(medianRatio(times[name]!, theirs))} x` };
  };
  return [
    line(`${basename(path, ".elf")}: backtrace with arguments`, "again", BACKTRACE_GOAL),
    line("  the first one after load", "first", FIRST_ANSWER_GOAL),
  ];
}

/** The first backtrace with arguments in this process, in seconds: nothing is compiled or read yet. */
export async function firstAnswer(path: string): Promise<number> {
  const debuggee = await stopped(path);
  return (await spentOn(() => backtraceText(debuggee))).main;
}

/** Making ready to observe a firmware, and the first look at its tasks, in a fresh process each. */
export async function firstTasksSpeed(path: string): Promise<Line[]> {
  const times = await inTurns(
    { first: () => Promise.resolve(Number(runAlone(["first-tasks", path]))) },
    ROUNDS,
  );
  return [firstTasksLine(`${basename(path, ".elf")}: observer and first look at tasks`, times.first)];
}

function firstTasksLine(what: string, seconds: readonly number[]): Line {
  const spent = median(seconds) * 1e3;
  const goal = `<= ${FIRST_ANSWER_GOAL} ms`;
  const isMet = spent <= FIRST_ANSWER_GOAL;
  return { what, ours: quantity(spent, "ms"), yardstick: "-", ratio: "-", goal, isMet };
}

/** Seconds that finding the executor and the first look at the tasks take; the run between them is not counted. */
export async function firstTasks(path: string): Promise<number> {
  const firmware = await loadFirmware(path);
  let debuggee: Debuggee | undefined;
  const observing = await secondsOf(() => (debuggee = new Debuggee(firmware)));
  await debuggee!.run(STOP.after);
  return observing + (await secondsOf(async () => shownTasks(debuggee!)));
}

/** Looks at all tasks, and counts those whose future is shown. */
async function shownTasks(debuggee: Debuggee): Promise<number> {
  const tasks = await inspectTasks(debuggee);
  return tasks.filter(({ future }) => future !== undefined && charactersShown(future) > 0).length;
}

async function stopped(path: string): Promise<Debuggee> {
  const firmware = await loadFirmware(path);
  const debuggee = new Debuggee(firmware);
  await debuggee.run(STOP.after);
  const { program } = firmware;
  for (const { address } of program.functions.withPath(STOP.at)) debuggee.target.addBreakpoint(address);
  const reason = await debuggee.target.resume({ until: seconds(10) });
  if (reason.kind !== "breakpoint") throw new Error(`${path} never comes to ${STOP.at}`);
  return debuggee;
}

/** What gdb's `backtrace` prints as well: functions, places, arguments. */
async function backtraceText(debuggee: Debuggee): Promise<string> {
  const { frames, reader } = await coreBacktrace(debuggee);
  const lines = frames.map(({ name, place, variables }) => {
    const given = variables.filter(({ isParameter }) => isParameter);
    const texts = given.map(({ name, value }) => `${name}=${valueText(value, reader)}`);
    return `${name} (${texts.join(", ")}) at ${place?.file}:${place?.line}`;
  });
  return lines.join("\n");
}

const TIMED = 'began = time.process_time(); gdb.execute("backtrace", to_string=True)';

/**
 * What `backtrace` takes in a fresh gdb that has read the file and is attached to the same machine: the first time, or
 * once more after it was told to forget registers and memory. Its own start and our server's work are not counted.
 */
async function gdbSeconds(
  gdb: string,
  path: string,
  { target }: Debuggee,
  which: "first" | "again",
): Promise<number> {
  const server = await startGdbServer({ target, port: 0, commands: [], onFault: () => undefined });
  const output = await runGdb(gdb, [
    ...GDB_SETTINGS,
    `file ${path}`,
    `target remote 127.0.0.1:${server.port}`,
    "python import time",
    `python ${TIMED}; print("@first", time.process_time() - began)`,
    "maintenance flush register-cache",
    "maintenance flush dcache",
    `python ${TIMED}; print("@again", time.process_time() - began)`,
  ]);
  await server.close();
  const found = new RegExp(`^@${which} ([\\d.e-]+)$`, "m").exec(output);
  if (found === null) throw new Error(`gdb does not time its backtrace:\n${output}`);
  return Number(found[1]);
}
