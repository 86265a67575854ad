import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { address, nanoseconds } from "#adapter/base/brand";
import { parseDuration } from "#adapter/base/duration";
import { whyNoneIsRunning } from "#adapter/debuggee/why-not-running/why-not-running";
import { runWhy } from "../../extension/src/cli/why-command";
import { textStyle } from "../../extension/src/cli/text/style";
import { expectGolden } from "#test/helpers/golden";
import { Random } from "#test/helpers/random";
import { runFirmware } from "#test/helpers/run-firmware";

/** What `pollscope why` prints of a prebuilt sample at an instant. */
async function whyText(name: string, at: string, isJson = false): Promise<string> {
  let text = "";
  const folders = ["samples/prebuilt", "test/firmware/samples-dev", "test/firmware/prebuilt"];
  const request = {
    command: "why",
    firmware: folders.map((folder) => `${folder}/${name}.elf`).find((path) => existsSync(path))!,
    at: nanoseconds(parseDuration(at)!),
    task: undefined,
    isJson,
    parts: [],
    presses: [],
    types: [],
  } as const;
  const output = {
    style: textStyle(false, {}),
    isOpen: true,
    write: (more: string) => ((text += more), Promise.resolve()),
    note: () => undefined,
    progress: () => undefined,
  };
  const shown = (path: string) =>
    path.replace(/^\/pollscope\//, "").replace(/^.*\/(embassy-\w+-[\d.]+)\//, "$1/");
  await runWhy(request, output, shown);
  return text;
}

const INSTANTS: readonly { readonly name: string; readonly at: string; readonly is: string }[] = [
  { name: "lost-wake-bad-release", at: "2s", is: "a task that nobody can wake" },
  { name: "lost-wake-good-register-release", at: "2s", is: "a waker that was left behind" },
  { name: "deadlock-bad-release", at: "2s", is: "a circle" },
  { name: "deadlock-good-order-release", at: "900ms", is: "a mutex whose holder waits for a timer" },
  { name: "button-or-timeout-release", at: "2s", is: "a pin or a timer" },
  { name: "uart-echo-release", at: "1s", is: "a UART" },
  { name: "channel-backpressure-release", at: "2s", is: "a full channel" },
  { name: "channel-backpressure-release", at: "135ms", is: "an empty channel and a signal" },
  { name: "cancellation-bad-release", at: "1.832s", is: "two timers" },
  { name: "starvation-hog-release", at: "1.3s", is: "a task that is running" },
  { name: "starvation-hog-release", at: "1.31s", is: "a task that is ready" },
  { name: "join-versus-spawn-join-release", at: "2s", is: "eight timers" },
  { name: "producer-consumer-release", at: "1.5s", is: "two tickers" },
  { name: "countdown-block-on-release", at: "131ms", is: "a hand-written executor" },
  { name: "two-executors-release", at: "250ms", is: "two executors" },
];

/** Without what depends on how fast the code is, and on where the linker has put things. */
function alike(text: string): string {
  return text
    .replaceAll(/\d[\d. ]* (?:ns|us|ms|s)\b/g, "TIME")
    .replaceAll(/0x[0-9a-f]{8}/g, "ADDRESS")
    .replaceAll(/\(\d+ times\)/g, "(COUNT)")
    .split("\n\n")
    .map((each) => each.trim())
    .sort()
    .join("\n\n");
}

describe("pollscope why", () => {
  it.each(INSTANTS)("says of $name at $at: $is", async ({ name, at }) => {
    expectGolden(`futures/why-${name}-${at}.txt`, await whyText(name, at));
  });

  it.each([
    { name: "blink", at: "1.5s" },
    { name: "producer-consumer", at: "1.5s" },
    { name: "guard-across-await-bad", at: "1.5s" },
    { name: "cancellation-bad", at: "1.5s" },
    { name: "lost-wake-bad", at: "2s" },
    { name: "deadlock-bad", at: "2s" },
    { name: "button-or-timeout", at: "2s" },
    { name: "uart-echo", at: "1s" },
    { name: "channel-backpressure", at: "2.03s" },
    { name: "join-versus-spawn-spawn", at: "1.51s" },
  ])("says the same of $name in both profiles, but for the times", async ({ name, at }) => {
    const dev = alike(await whyText(`${name}-dev`, at));
    expect(dev).toBe(alike(await whyText(`${name}-release`, at)));
    expect(dev).toContain("=> ");
  });

  it("prints the same as JSON, with a verdict of a known kind", async () => {
    const json = JSON.parse(await whyText("deadlock-bad-release", "2s", true)) as {
      tasks: { task: string; verdict: { kind: string } }[];
    };
    expect(json.tasks.map(({ task, verdict }) => `${task} ${verdict.kind}`)).toEqual([
      "sensor_task deadlock",
      "upload_task deadlock",
      "blink_task timer",
    ]);
  });
});

describe("random memory", () => {
  it("neither throws nor hangs, whatever lies in RAM", async () => {
    const { debuggee } = await runFirmware("samples/prebuilt/deadlock-bad-release.elf", { for: "2s" });
    const random = new Random(2026);
    for (let round = 0; round < 30; round++) {
      const bytes = new Uint8Array(0x400);
      const view = new DataView(bytes.buffer);
      for (let at = 0; at < bytes.length; at += 4) {
        // Half of the words point at or near tasks and statics.
        const near = 0x2000_0000 + 4 * random.below(0x100);
        view.setUint32(at, random.below(2) === 0 ? near : random.word(), true);
      }
      await debuggee.target.writeMemory(address(0x2000_0000), bytes);
      for (const { verdict } of await whyNoneIsRunning(debuggee)) expect(verdict.text).not.toBe("");
    }
  });
});
