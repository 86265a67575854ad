import { describe, expect, it } from "vitest";
import { checkAttach, checkLaunch } from "./launch-configuration";

const START = "The launch configuration ";
const NO_GDB = `${START}has no "gdb" that says where a gdb server listens; write "gdb": "localhost:3333"`;
const NO_PICO_2 =
  'Pollscope does not debug the Pico 2 yet, neither emulated nor attached; set "board" to "pico", and build for thumbv6m-none-eabi';

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
    ...[undefined, 3333, "", "3333", "localhost", "localhost:", "localhost:0", "localhost:65536", "a:b"].map(
      (gdb) => [{ program: "a", target: "gdb", gdb }, NO_GDB] as const,
    ),
    [
      { program: "a", gdb: ":3333" },
      `${START}has a "gdb" that is for boards; set "target" to "gdb", or leave it out`,
    ],
    ...["parts", "stimuli"].map(
      (name) =>
        [
          { program: "a", target: "gdb", gdb: ":3333", [name]: [] },
          `${START}has "${name}" that only an emulated board can have; leave them out`,
        ] as const,
    ),
    [
      { program: "a", target: "gdb", gdb: ":3333", prot: 1 },
      `${START}has a member "prot" that means nothing; leave it out, or use one of program, cargo, sample, target, gdb, board, parts, stimuli, stopOnEntry, speed, thresholds, findings, guardTypes, sourceMap`,
    ],
    [{ program: "a", target: "gdb", gdb: ":3333", board: "pico2" }, NO_PICO_2],
    [
      { program: "a", target: "moon" },
      `${START}has a "target" that there is not; write one of "emulator", "gdb"`,
    ],
    [{ program: "a", board: "pico2" }, NO_PICO_2],
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

describe("a board behind a gdb server", () => {
  it.each([
    ["localhost:3333", { host: "localhost", port: 3333 }],
    [":1337", { host: "localhost", port: 1337 }],
    ["[::1]:65535", { host: "::1", port: 65535 }],
    ["10.0.0.7:1", { host: "10.0.0.7", port: 1 }],
  ])("is found at %s: a launch lets it start anew, an attach does not", (gdb, at) => {
    expect(checkLaunch({ program: "a", target: "gdb", gdb }).board).toEqual({ ...at, isReset: true });
    expect(checkAttach({ program: "a", gdb }).board).toEqual({ ...at, isReset: false });
  });

  it.each<readonly [unknown, string]>([
    [undefined, `${START}is no object; write at least { "program": "path/of/firmware.elf" }`],
    [{ gdb: ":3333" }, `${START}has a "program" that is no text; write "program": "..."`],
    [{ program: 1, gdb: ":3333" }, `${START}has a "program" that is no text; write "program": "..."`],
    [{ program: "a" }, NO_GDB],
    [{ program: "a", gdb: "x" }, NO_GDB],
    ...["sample", "target", "stopOnEntry", "parts"].map(
      (name) =>
        [
          { program: "a", gdb: ":3333", [name]: "gdb" },
          `${START}has a member "${name}" that means nothing; leave it out, or use one of program, gdb, sourceMap`,
        ] as const,
    ),
  ])("is not attached to with %j", (request, sentence) => {
    expect(() => checkAttach(request)).toThrow(expect.objectContaining({ message: sentence }) as Error);
  });
});
