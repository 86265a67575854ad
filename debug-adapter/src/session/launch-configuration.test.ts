import { describe, expect, it } from "vitest";
import { checkLaunch } from "./launch-configuration";

const START = "The launch configuration ";

describe("checkLaunch", () => {
  it("takes a program, a sample, and what the client adds", () => {
    expect(checkLaunch({ type: "pollscope", request: "launch", name: "x", program: "a.elf" })).toEqual({
      firmware: { kind: "program", path: "a.elf" },
      parts: [],
      stimuli: [],
      stopOnEntry: false,
      speed: 1,
      sourceMap: {},
      thresholds: {},
      severities: {},
      guardTypes: [],
    });
    expect(checkLaunch({ sample: "blink", __sessionId: "1", stopOnEntry: true })).toMatchObject({
      firmware: { kind: "sample", name: "blink" },
      stopOnEntry: true,
    });
  });

  it("takes thresholds, for all tasks and for some, and how grave findings are", () => {
    const thresholds = { longPoll: "20ms", futureBytes: 4096, tasks: { blink_task: { starvation: "1s" } } };
    const findings = { starvation: "error", backpressure: "off" };
    expect(checkLaunch({ program: "a", thresholds, findings, guardTypes: ["a::Guard"] })).toMatchObject({
      thresholds: { longPoll: 20e6, futureBytes: 4096, tasks: { blink_task: { starvation: 1e9 } } },
      severities: findings,
      guardTypes: ["a::Guard"],
    });
  });

  it.each<readonly [unknown, string]>([
    [undefined, `${START}is no object; write at least { "program": "path/of/firmware.elf" }`],
    [{}, `${START}names no firmware; set one of "program" (the path of an ELF file), "cargo" and "sample"`],
    [{ program: "a", sample: "b" }, `${START}names more than one firmware`],
    [{ program: "" }, `${START}has a "program" that is no text`],
    [{ cargo: {} }, "The debug adapter does not run cargo itself; build first"],
    [{ program: "a", target: "gdb" }, "Pollscope cannot debug over a gdb server yet"],
    [
      { program: "a", target: "moon" },
      `${START}has a "target" that there is not; write one of "emulator", "gdb"`,
    ],
    [{ program: "a", board: "pico2" }, "Pollscope does not emulate the Pico 2 yet"],
    [{ program: "a", parts: "led" }, `${START}has "parts" that are no list of texts; write "parts": ["..."]`],
    [{ program: "a", stimuli: [1] }, `${START}has "stimuli" that are no list of texts`],
    [{ program: "a", stopOnEntry: "yes" }, `${START}has a "stopOnEntry" that is neither true nor false`],
    ...[0, -1, "fast", null].map(
      (speed) =>
        [
          { program: "a", speed },
          `${START}has a "speed" that is neither a number above 0 nor "max"`,
        ] as const,
    ),
    [{ program: "a", sourceMap: { a: 1 } }, `${START}has a "sourceMap" that does not map texts to texts`],
    [
      { program: "a", thresholds: { longPoll: "5" } },
      `${START}has a threshold longPoll that is no length of time`,
    ],
    [{ program: "a", thresholds: { speed: "5ms" } }, `${START}has a threshold "speed" that means nothing`],
    [
      { program: "a", thresholds: { futureBytes: "1kB" } },
      `${START}has a threshold futureBytes that is no number`,
    ],
    [
      { program: "a", thresholds: { tasks: ["blink"] } },
      `${START}has thresholds of "tasks" that are no objects`,
    ],
    [
      { program: "a", thresholds: { tasks: { blink: { busy: "1s" } } } },
      `${START}has a threshold "busy" that means nothing; use starvation or longPoll`,
    ],
    [{ program: "a", findings: "off" }, `${START}has "findings" that are no object`],
    [
      { program: "a", findings: { typos: "off" } },
      `${START}has findings "typos" that there are not; use starvation,`,
    ],
    [
      { program: "a", findings: { starvation: "fatal" } },
      `${START}has findings "starvation" with a severity that there is not; write one of "error", "warning", "note", "off"`,
    ],
    [
      { program: "a", porgram: "b" },
      `${START}has a member "porgram" that means nothing; leave it out, or use one of program`,
    ],
  ])("refuses %j in a sentence", (request, sentence) => {
    expect(() => checkLaunch(request)).toThrow(sentence);
  });
});
