import { describe, expect, it } from "vitest";
import { UserError } from "#adapter/base/errors";
import { parseCommandLine } from "./command-line";
import { helpText } from "./help";

describe("parseCommandLine", () => {
  it("reads what to trace, and how", () => {
    const words = [
      "trace",
      "a.elf",
      "--for",
      "1.5s",
      "--press",
      "15@1s",
      "--press",
      "16@2s",
      "--part",
      "led:pin=2",
    ];
    expect(parseCommandLine([...words, "--json", "--task", "main", "--type", "x@1s", "--save", "f"])).toEqual(
      {
        command: "trace",
        firmware: "a.elf",
        duration: 1.5e9,
        isJson: true,
        task: "main",
        presses: ["15@1s", "16@2s"],
        types: ["x@1s"],
        parts: ["led:pin=2"],
        save: "f",
      },
    );
  });

  it("traces two seconds as text if nothing else is asked for", () => {
    expect(parseCommandLine(["trace", "a.elf"])).toMatchObject({
      duration: 2e9,
      isJson: false,
      presses: [],
      task: undefined,
    });
  });

  it("reads an instant to look at, and a port to listen on", () => {
    expect(parseCommandLine(["stack", "a.elf", "--at", "1.5s"])).toEqual({
      command: "stack",
      firmware: "a.elf",
      at: 1.5e9,
      isJson: false,
      presses: [],
      types: [],
      parts: [],
    });
    expect(parseCommandLine(["gdb-server", "a.elf"])).toMatchObject({ port: 3333 });
    expect(parseCommandLine(["gdb-server", "a.elf", "--port", "0"])).toMatchObject({ port: 0 });
  });

  it("reads an expression to print", () => {
    expect(parseCommandLine(["print", "a.elf", "--at", "1s", "X.y + 1", "--json"])).toMatchObject({
      command: "print",
      firmware: "a.elf",
      at: 1e9,
      expression: "X.y + 1",
      frame: 0,
      isJson: true,
    });
  });

  it("takes options before the file", () => {
    expect(parseCommandLine(["futures", "--own", "a.elf"])).toEqual({
      command: "futures",
      firmware: "a.elf",
      isJson: false,
      isOwnOnly: true,
    });
  });

  it.each([
    { words: [], topic: undefined },
    { words: ["--help"], topic: undefined },
    { words: ["help", "trace"], topic: "trace" },
    { words: ["trace", "-h"], topic: "trace" },
    { words: ["futures", "a.elf", "--help"], topic: "futures" },
  ])("shows help for $words", ({ words, topic }) => {
    expect(parseCommandLine(words)).toEqual({ command: "help", topic });
  });

  it.each([
    ["trace"],
    ["trace", "a", "b"],
    ["trace", "a", "--for"],
    ["trace", "a", "--for", "1"],
    ["run"],
    ["toString"],
    ["stack", "a"],
    ["tasks", "a"],
    ["print", "a", "--at", "1s"],
    ["print", "a", "--at", "1s", "X", "+", "1"],
    ["print", "a", "X"],
    ["print", "a", "--at", "1s", "X", "--frame", "-1"],
    ["print", "a", "--at", "1s", "X", "--frame", "main"],
    ["stack", "a", "--at", "noon"],
    ["gdb-server", "a", "--port", "65536"],
    ["gdb-server", "a", "--port", "1.5"],
    ["gdb-server", "a", "--port", ""],
    ["--json"],
  ])("refuses %j with a remedy", (...words) => {
    expect(() => parseCommandLine(words)).toThrow(UserError);
  });
});

describe("check", () => {
  it("takes thresholds, a severity, and 10 s unless told otherwise", () => {
    const words = ["check", "a.elf", "--threshold", "starvation=20ms", "--threshold", "future-bytes=4096"];
    expect(parseCommandLine(words)).toMatchObject({
      command: "check",
      duration: 10e9,
      failOn: "error",
      sarif: undefined,
      thresholds: { starvation: 20e6, futureBytes: 4096 },
    });
    expect(parseCommandLine(["check", "a.elf", "--fail-on", "note"])).toMatchObject({ failOn: "note" });
    const guards = ["check", "a.elf", "--guard-type", "mine::Guard", "--guard-type", "mine::Ref"];
    expect(parseCommandLine(guards)).toMatchObject({ guardTypes: ["mine::Guard", "mine::Ref"] });
  });
});

describe("helpText", () => {
  it("names every option that is understood", () => {
    for (const option of ["for", "task", "press", "type", "part", "json", "save"])
      expect(helpText("trace")).toContain(`--${option} `);
    for (const option of ["at", "press", "type", "part", "json"])
      for (const topic of ["tasks", "stack", "print"]) expect(helpText(topic)).toContain(`--${option} `);
    expect(helpText("print")).toContain("--frame ");
    for (const option of ["port", "part"]) expect(helpText("gdb-server")).toContain(`--${option} `);
    for (const option of ["own", "json"]) expect(helpText("futures")).toContain(`--${option} `);
    expect(helpText("nonsense")).toBe(helpText(undefined));
  });

  it("fits a terminal of 100 columns", () => {
    for (const topic of [
      undefined,
      "trace",
      "check",
      "futures",
      "tasks",
      "stack",
      "print",
      "gdb-server",
      "dap",
    ])
      for (const line of helpText(topic).split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });
});
