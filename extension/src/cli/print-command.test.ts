import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { UserError } from "#adapter/base/errors";
import { textStyle } from "./text/style";
import type { Output } from "./output";
import { runPrint } from "./print-command";

/** What the command prints for an expression in a sample, 1.5 s after power-on. */
async function printed(expression: string, isJson = false): Promise<string> {
  let text = "";
  const output: Output = {
    style: textStyle(false, {}),
    isOpen: true,
    write: (more) => {
      text += more;
      return Promise.resolve();
    },
    note: () => undefined,
    progress: () => undefined,
  };
  const firmware = "samples/prebuilt/producer-consumer-release.elf";
  const board = { firmware, parts: [], presses: [], types: [], at: nanoseconds(1.5e9) };
  await runPrint({ command: "print", ...board, expression, isJson }, output);
  return text;
}

describe("pollscope print", () => {
  it("prints a value, its type and place, and its parts", async () => {
    const [type, value, ...parts] = (await printed("LATEST")).trimEnd().split("\n");
    expect(type).toMatch(/^embassy_sync::mutex::Mutex<.*Reading> at 0x2000[0-9a-f]{4}$/);
    expect(value).toMatch(/^Mutex\(Reading \{ value: \d+, samples: \d+ \}, unlocked\)$/);
    expect(parts[0]).toMatch(/^ {2}value: Reading/);
    expect(parts[1]).toMatch(/^ {2}\(raw\): Mutex/);
  });

  it("computes", async () => {
    expect(await printed("LATEST.samples - LATEST.samples + 7")).toBe("u32\n7\n");
  });

  it("prints JSON", async () => {
    expect(JSON.parse(await printed("1 < 2", true))).toEqual({
      expression: "1 < 2",
      type: "bool",
      address: null,
      value: "true",
      elements: 0,
      parts: [],
    });
  });

  it("says what is wrong with an expression, and where", async () => {
    const error = await printed("LATEST.speed").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).what).toBe(
      "The expression cannot be evaluated: Reading has no field speed, only value, samples (character 7)",
    );
    expect((error as UserError).remedy).toMatch(/\nLATEST\.speed\n {6}\^$/);
  });
});
