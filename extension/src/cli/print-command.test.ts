import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { UserError } from "#adapter/base/errors";
import { textStyle } from "./text/style";
import type { Output } from "./output";
import { runPrint } from "./print-command";

const SAMPLE = {
  firmware: "samples/prebuilt/producer-consumer-release.elf",
  at: nanoseconds(1.5e9),
  frame: 0,
};

/** In the timer's interrupt, called while the core slept. */
const INTERRUPT = { firmware: "samples/prebuilt/blink-dev.elf", at: nanoseconds(381.76e6), frame: 0 };

/** What the command prints for an expression, in a sample 1.5 s after power-on if nothing else is said. */
async function printed(expression: string, isJson = false, where = SAMPLE): Promise<string> {
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
  const board = { ...where, parts: [], presses: [], types: [] };
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

  it("reads the variables of the frame asked for, and statics beside them", async () => {
    // check_alarm's argument n, and the alarm's time in the closure that it calls.
    expect(await printed("n", false, { ...INTERRUPT, frame: 7 })).toMatch(/^usize( at .*)?\n0\n$/);
    const alarm = await printed("alarm.timestamp == timestamp", true, { ...INTERRUPT, frame: 5 });
    expect(JSON.parse(alarm)).toMatchObject({ type: "bool", value: "true" });
    expect(await printed("BEATS == 0 || n == 0", false, { ...INTERRUPT, frame: 7 })).toBe("bool\ntrue\n");
    const error = await printed("n", false, INTERRUPT).catch((thrown: unknown) => thrown);
    expect((error as UserError).what).toMatch(/there is no variable or static n /);
  });

  it("says which frames there are", async () => {
    const error = await printed("n", false, { ...INTERRUPT, frame: 14 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toBe(
      "There is no frame 14; `pollscope stack` lists them: they are 0 to 13",
    );
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
