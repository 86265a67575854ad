import { readdirSync, readFileSync } from "node:fs";
import { address, type Nanoseconds, nanoseconds } from "#adapter/base/brand";
import { machineBacktrace } from "#adapter/debuggee/core-backtrace";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { type Firmware, loadFirmware } from "#adapter/debuggee/firmware";
import { poolOf } from "#adapter/debuggee/inspect-tasks";
import { parsePress, parseTyping } from "#adapter/debuggee/stimulus";
import type { Movement } from "#adapter/debuggee/run-control/movement";
import type { Stop } from "#adapter/debuggee/run-control/stop";
import { ProgramFunction } from "#adapter/symbols/function";
import type { TaskIndex } from "#adapter/trace/event";

/** Dev builds of every program of the samples, and of the firmware made for this. */
export const DEV_FIRMWARE: readonly string[] = [
  "samples/prebuilt",
  "test/firmware/samples-dev",
  "test/firmware/stepping/prebuilt",
]
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .filter((path) => path.endsWith("-dev.elf"))
  .sort();

const loaded = new Map<string, Promise<Firmware>>();

/** A firmware at power-on, with what its tasks wait for from outside. */
export async function poweredOn(path: string): Promise<Debuggee> {
  let firmware = loaded.get(path);
  if (firmware === undefined) loaded.set(path, (firmware = loadFirmware(path)));
  const presses = path.includes("button-or-timeout") ? ["15@0.3s+100ms", "15@0.7s+100ms"] : [];
  const typed = path.includes("uart-echo") ? ["hello\\r\\n@0.3s", "more\\r\\n@0.5s"] : [];
  return new Debuggee(await firmware, { inputs: [...presses.map(parsePress), ...typed.map(parseTyping)] });
}

/** Performs a movement, for at most so much of the firmware's time. */
export function perform(debuggee: Debuggee, movement: Movement, most: Nanoseconds): Promise<Stop> {
  const until = nanoseconds(debuggee.target.now + most);
  return debuggee.runControl.perform((runner) =>
    movement({
      target: runner.target,
      runTo: (places, options) => runner.runTo(places, { ...options, until }),
      stepInstruction: () => runner.stepInstruction(),
    }),
  );
}

/** Where the core is: function, file and line of the innermost frame. */
export interface CorePlace {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

export async function placeOfCore(debuggee: Debuggee): Promise<CorePlace> {
  const [frame] = (await machineBacktrace(debuggee)).frames;
  return { name: frame?.name ?? "", file: frame?.place?.file.path ?? "", line: frame?.place?.line ?? 0 };
}

/** The text of a source of this repository by its path in debug info. */
export function sourceText(path: string): string {
  const relative = /((?:samples|test\/firmware)\/.*)$/.exec(path)?.[1];
  if (relative === undefined) throw new Error(`${path} is not of this repository`);
  return readFileSync(relative, "utf8");
}

/** The row of a task in the trace. */
export function taskNamed({ trace }: Debuggee, name: string): TaskIndex {
  const row = trace.tasks.findIndex((each) => each.name === name);
  if (row < 0) throw new Error(`There is no task ${name}`);
  return row as TaskIndex;
}

/** Runs to the first line of a task's body. */
export async function toFirstLine(debuggee: Debuggee, task: TaskIndex): Promise<void> {
  const { firmware, trace, embassy, taskEvents } = debuggee;
  const body = poolOf(embassy!, trace.tasks[task]!.address)!.body!.body;
  if (!(body instanceof ProgramFunction)) throw new Error("The task has no body of its own");
  const head = body.declaration!.line;
  const rows = body.ranges.flatMap(({ start, end }) => [
    ...firmware.program.lines.rowsBetween(address(start), address(end)),
  ]);
  const places = rows
    .filter((row) => row.isStatement && row.line > head && row.file === body.declaration!.file)
    .map((row) => ({ address: row.address, accept: () => taskEvents.polledTask === task }));
  const { cause } = await debuggee.runControl.perform(async (runner) => {
    const end = await runner.runTo(places, { until: nanoseconds(1e9) });
    return end.kind === "stopped" ? end.cause : { kind: "step" };
  });
  if (cause.kind !== "step") throw new Error(`The task does not begin: ${cause.kind}`);
}
