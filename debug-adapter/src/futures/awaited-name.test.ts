import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { firmwareFiles } from "#test/helpers/firmware";
import { parseElf } from "../elf/elf-file";
import { loadProgram } from "../symbols/program";
import { awaitedName } from "./awaited-name";

/** What each suspend point of the user's own code awaits, as `function: name`. */
function awaitedIn(file: string): string[] {
  const path = firmwareFiles().find((each) => each.endsWith(`/${file}`))!;
  const program = loadProgram(parseElf(readFileSync(path), file));
  const own = program.asyncFunctions.all.filter(({ declaration }) => declaration?.file.origin.kind === "own");
  return own.flatMap(({ name, coroutine }) =>
    coroutine.states.flatMap(({ awaitee }) =>
      awaitee === undefined ? [] : [`${name}: ${awaitedName(awaitee.type, program)}`],
    ),
  );
}

describe("awaitedName", () => {
  it("says what a reader of the source would say", () => {
    expect(awaitedIn("blink-release.elf").sort()).toEqual([
      "blink::blink_task: Ticker::next",
      "blink::heartbeat_task: blink::nap",
      "blink::heartbeat_task: blink::nap",
      "blink::heartbeat_task: blink::nap",
      "blink::nap: Timer",
    ]);
    expect(awaitedIn("producer-consumer-release.elf")).toContain(
      "producer_consumer::producer_task: Mutex::lock",
    );
    expect(awaitedIn("button-or-timeout-release.elf")).toContain(
      "button_or_timeout::watch_task: Select<Input::wait_for_falling_edge, Timer>",
    );
    const locks = awaitedIn("deadlock-bad-release.elf").filter((each) => each.endsWith("::lock"));
    expect(new Set(locks.map((each) => each.split(": ")[1]))).toEqual(new Set(["Mutex::lock"]));
    expect(awaitedIn("trace-hooks-release.elf")).toContain(
      "trace_hooks::sink_task: ReceiveFuture<ThreadModeRawMutex, u32>",
    );
  });
});
