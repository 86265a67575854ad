import { basename } from "node:path";
import { describe, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { machineBacktrace } from "#adapter/debuggee/core-backtrace";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import { Stepping } from "#adapter/debuggee/stepping/stepping";
import type { TaskIndex } from "#adapter/trace/event";
import { expectGolden } from "#test/helpers/golden";
import { perform, poweredOn, sourceText, taskNamed, toFirstLine } from "#test/helpers/stepping";

/** Steps of a task from its first line on: `o` over, `i` in, `u` out. */
interface Walk {
  readonly task: string;
  readonly steps: string;
}

const WALKS: Readonly<Record<string, readonly Walk[]>> = {
  "test/firmware/samples-dev/join-versus-spawn-join-dev.elf": [{ task: "band_task", steps: "oioooooooooo" }],
  "test/firmware/samples-dev/join-versus-spawn-spawn-dev.elf": [
    { task: "drummer_task[2]", steps: "iooooooooo" },
    { task: "drummer_task[5]", steps: "o" },
  ],
  "test/firmware/samples-dev/button-or-timeout-dev.elf": [{ task: "watch_task", steps: "oooooiooooooo" }],
  "samples/prebuilt/producer-consumer-dev.elf": [
    { task: "producer_task", steps: "oooooooooo" },
    { task: "consumer_task", steps: "oooooooo" },
  ],
  "samples/prebuilt/cancellation-bad-dev.elf": [
    { task: "teller_task", steps: "ooioooiuo" },
    { task: "teller_task", steps: "ooooooiooooo" },
    { task: "audit_task", steps: "oooooooo" },
  ],
  "test/firmware/samples-dev/cancellation-good-resume-dev.elf": [
    { task: "teller_task", steps: "ooooooooooooooooooooooo" },
  ],
  "test/firmware/samples-dev/starvation-polite-dev.elf": [
    { task: "blink_task", steps: "oooo" },
    { task: "check_task", steps: "ooiuooooooo" },
  ],
  "test/firmware/stepping/prebuilt/stepping-dev.elf": [
    { task: "disturbed_task", steps: "ooooooioooo" },
    { task: "nested_task", steps: "oooooooooooooooooooo" },
    { task: "nested_task", steps: "oooioooooooo" },
    { task: "generic_task", steps: "ioooooooooo" },
    { task: "nameless_task", steps: "ooiooooiooooo" },
    { task: "crooked_task", steps: "oooooooooooooooooooo" },
    { task: "crooked_task", steps: "iiiiiiiiiiiiiiiiiiiiiiiiiiiiii" },
    { task: "indirect_task", steps: "ooiooooioooooo" },
    { task: "pooled_task[1]", steps: "oooooooooooo" },
  ],
};

const PATIENCE = nanoseconds(2e9);

describe("steps of tasks in dev builds", { timeout: 120_000 }, () => {
  it.each(Object.entries(WALKS))("go where the source goes: %s", async (path, walks) => {
    const texts: string[] = [];
    for (const walk of walks) texts.push(await walkText(await poweredOn(path), walk));
    expectGolden(`stepping/${basename(path, ".elf")}.txt`, texts.join("\n"));
  });
});

const KINDS = { o: "over", i: "in", u: "out" } as const;

async function walkText(debuggee: Debuggee, { task: name, steps }: Walk): Promise<string> {
  const stepping = new Stepping(debuggee);
  const task = taskNamed(debuggee, name);
  await toFirstLine(debuggee, task);
  const lines = [`# ${name}`, `     ${await whereText(debuggee, task)}`];
  for (const letter of steps) {
    const kind = KINDS[letter as keyof typeof KINDS];
    const { cause } = await perform(debuggee, stepping[kind]({ kind: "task", task }), PATIENCE);
    const event = cause.kind === "step" ? cause.event : cause.kind;
    lines.push(
      `${kind.padEnd(4)} ${await whereText(debuggee, task)}${event === undefined ? "" : `  [${event}]`}`,
    );
    if (cause.kind !== "step" || cause.event?.endsWith("has ended") === true) break;
  }
  debuggee.dispose();
  return `${lines.join("\n")}\n`;
}

/** When and where: function, line and what stands there; and in which other task, if the task is not being polled. */
async function whereText(debuggee: Debuggee, task: TaskIndex): Promise<string> {
  const [frame] = (await machineBacktrace(debuggee)).frames;
  const time = `${(debuggee.target.now / 1e6).toFixed(3)} ms`.padStart(12);
  const other = debuggee.taskEvents.polledTask === task ? "" : " (task not polled)";
  const path = frame?.place?.file.path ?? "";
  if (frame?.place?.file.origin.kind !== "own") return `${time}  ${frame?.name}${other}`;
  const text = sourceText(path).split("\n")[frame.place.line - 1]?.trim();
  return `${time}  ${`${basename(path)}:${frame.place.line}`.padEnd(12)} ${text}${other}`;
}
