import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import type { TraceRequest } from "../../extension/src/cli/requests";
import { textStyle } from "../../extension/src/cli/text/style";
import { runTrace } from "../../extension/src/cli/trace-command";
import { expectGolden } from "#test/helpers/golden";

/** What `pollscope trace` writes of the firmware that logs. */
async function traced(options: Partial<TraceRequest> = {}): Promise<string> {
  let text = "";
  const output = {
    style: textStyle(false, {}),
    isOpen: true,
    write: (more: string) => ((text += more), Promise.resolve()),
    note: () => undefined,
    progress: () => undefined,
  };
  const request: TraceRequest = {
    command: "trace",
    firmware: "test/firmware/defmt-log/prebuilt/defmt-log-release.elf",
    duration: nanoseconds(0.23e9),
    isJson: false,
    task: undefined,
    save: undefined,
    parts: [],
    presses: [],
    types: [],
    ...options,
  };
  await runTrace(request, output, (path) => path.replace(/^.*\/(?=src\/)/, ""));
  return text;
}

describe("pollscope trace", () => {
  it("prints messages between the events that surround them", async () => {
    expectGolden("logs/trace.txt", await traced());
  });

  it("prints them in the order of time as JSON, too", async () => {
    const lines = (await traced({ isJson: true })).trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line) as { time_ns: number; event: string; text?: string });
    const times = events.map(({ time_ns }) => time_ns);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const logged = events.filter(({ event }) => event === "log");
    expect(logged[0]).toMatchObject({
      level: "info",
      source: "defmt",
      text: "started",
      timestamp: "0.000008",
      at: "src/main.rs:36",
    });
  });

  it("leaves them out where only one task is wanted", async () => {
    expect(await traced({ task: "count_task" })).not.toContain("started");
  });
});
