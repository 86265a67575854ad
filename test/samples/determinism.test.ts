import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import type { Trace } from "#adapter/trace/trace";
import { encodeTrace } from "#adapter/trace/trace-file";
import { instant, launch, runFirmware, type RunOptions } from "#test/helpers/run-firmware";
import { digest } from "#test/helpers/run-firmware-digest";

const RUNS: readonly { readonly file: string; readonly options: RunOptions }[] = [
  { file: "blink-dev", options: { for: "700ms" } },
  { file: "starvation-polite-release", options: { for: "220ms" } },
  {
    file: "button-or-timeout-release",
    options: { for: "1.32s", parts: ["tm1637:clk=2,dio=3"], presses: ["15@1.2s"] },
  },
  { file: "uart-echo-release", options: { for: "1.1s", types: ["hi\\n@1s"] } },
];

/** An odd length, so that slices end within sleeps, polls and interrupts alike. */
const SLICE = 7_654_321;

function bytesOf(trace: Trace): string {
  return digest(encodeTrace(trace));
}

describe.each(RUNS)("$file gives the same trace, byte for byte", ({ file, options }) => {
  const path = `samples/prebuilt/${file}.elf`;
  const end = instant(options.for);
  const once = async () => bytesOf((await runFirmware(path, options)).trace);
  let known: Promise<string> | undefined;
  const reference = () => (known ??= once());

  it("when it runs again", async () => {
    expect(await once()).toBe(await reference());
  });

  it("when it runs in pieces", async () => {
    const debuggee = await launch(path, options);
    for (let until = SLICE; until < end; until += SLICE) await debuggee.run(nanoseconds(until));
    await debuggee.run(end);
    expect(bytesOf(debuggee.trace)).toBe(await reference());
  });

  it("when snapshots are taken and put back on the way", async () => {
    const debuggee = await launch(path, options);
    for (let until = SLICE * 5; until < end; until += SLICE * 5) {
      await debuggee.run(nanoseconds(until));
      debuggee.target.restoreSnapshot(debuggee.target.takeSnapshot());
    }
    await debuggee.run(end);
    expect(bytesOf(debuggee.trace)).toBe(await reference());
  });

  it("when it is interrupted again and again", async () => {
    const debuggee = await launch(path, options);
    let interruptions = 0;
    for (;;) {
      const running = debuggee.run(end);
      debuggee.target.interrupt();
      const { kind } = await running;
      if (kind !== "pause") break;
      interruptions++;
    }
    // Whether there was time to interrupt it is the host's affair; the trace is not.
    expect(interruptions).toBeGreaterThanOrEqual(0);
    expect(bytesOf(debuggee.trace)).toBe(await reference());
  });
});
