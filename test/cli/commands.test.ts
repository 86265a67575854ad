import { describe, expect, it } from "vitest";
import { expectGolden } from "#test/helpers/golden";
import { pollscope } from "./pollscope";

const BLINK = "samples/prebuilt/blink-release.elf";
/** In a busy wait of a task that is being polled. */
const POLLED = ["samples/prebuilt/producer-consumer-dev.elf", "--at", "632ms"];
const DISPLAY = ["--part", "tm1637:clk=2,dio=3"];

/** Commands whose whole output is kept in test/golden/cli. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  help: ["--help"],
  "help-trace": ["trace", "--help"],
  "help-check": ["check", "--help"],
  "help-futures": ["futures", "--help"],
  "help-tasks": ["tasks", "--help"],
  "help-stack": ["stack", "--help"],
  "help-print": ["print", "--help"],
  "help-why": ["why", "--help"],
  "help-gdb-server": ["gdb-server", "--help"],
  "help-dap": ["dap", "--help"],
  "trace-blink": ["trace", BLINK, "--for", "1s"],
  "trace-blink-json": ["trace", BLINK, "--for", "1s", "--json"],
  "trace-blink-task": ["trace", BLINK, "--for", "700ms", "--task", "heartbeat_task"],
  "trace-button": [
    "trace",
    "samples/prebuilt/button-or-timeout-release.elf",
    ...["--for", "1.4s", "--press", "15@1.2s"],
    ...DISPLAY,
  ],
  "trace-uart": ["trace", "samples/prebuilt/uart-echo-release.elf", "--for", "1.01s", "--type", "hi\\n@1s"],
  "trace-producer-consumer-display": [
    "trace",
    "samples/prebuilt/producer-consumer-release.elf",
    ...["--for", "650ms", "--task", "consumer_task"],
    ...DISPLAY,
  ],
  "futures-blink-own": ["futures", BLINK, "--own"],
  "futures-blink": ["futures", BLINK],
  "stack-interrupt": ["stack", "samples/prebuilt/blink-dev.elf", "--at", "381.76ms"],
  "tasks-deadlock": ["tasks", "samples/prebuilt/deadlock-bad-release.elf", "--at", "2s"],
  "why-lost": ["why", "samples/prebuilt/lost-wake-bad-release.elf", "--at", "2s", "reader_task"],
  "why-pin-json": [
    ...["why", "samples/prebuilt/button-or-timeout-release.elf", "--at", "2s", "watch_task", "--json"],
  ],
  "tasks-blink": ["tasks", BLINK, "--at", "1s", "--task", "heartbeat_task"],
  "stack-asleep": ["stack", BLINK, "--at", "1s"],
  "tasks-polled": ["tasks", ...POLLED, "--task", "consumer_task"],
  "print-frame": ["print", ...POLLED, "--frame", "15", "reading"],
  "print-beats": ["print", BLINK, "--at", "3s", "BEATS"],
  "print-mutex": ["print", "samples/prebuilt/producer-consumer-release.elf", "--at", "1.5s", "LATEST"],
  "futures-guard": ["futures", "samples/prebuilt/guard-across-await-bad-release.elf", "--own"],
};

describe("pollscope prints", () => {
  it.each(Object.entries(COMMANDS))("%s", async (name, words) => {
    const { status, out, error } = await pollscope(words);
    expect({ status, isColoured: out.includes("\u001b") }).toEqual({ status: 0, isColoured: false });
    expectGolden(`cli/${name}.txt`, error === "" ? out : `${out}--- standard error ---\n${error}`);
  });
});

describe("--json", () => {
  it("prints one object a line, in the order of time, and the summary last", async () => {
    const { out } = await pollscope(["trace", BLINK, "--for", "1s", "--json"]);
    const lines = out.trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line) as { time_ns: number; event: string });
    const summary = events.pop()!;
    expect(summary.event).toBe("summary");
    expect(summary.time_ns).toBe(1e9);
    const times = events.map(({ time_ns }) => time_ns);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const pins = events.filter(({ event }) => event === "pin");
    expect(pins.length).toBe(3);
  });

  it("of a stack has the frames, innermost first, and the registers", async () => {
    const { out } = await pollscope(["stack", BLINK, "--at", "1s", "--json"]);
    const { frames, registers } = JSON.parse(out) as {
      frames: { function: string; pc: string }[];
      registers: Record<string, number>;
    };
    expect(frames.at(-1)!.function).toBe("Reset");
    expect(Number(frames[0]!.pc)).toBe(registers["pc"]);
  });

  it("of futures is one array, the largest first", async () => {
    const { out } = await pollscope(["futures", BLINK, "--json"]);
    const futures = JSON.parse(out) as { name: string; bytes: number; states: { saved: object[] }[] }[];
    const sizes = futures.map(({ bytes }) => bytes);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(futures.map(({ name }) => name)).toContain("blink::nap");
  });
});
