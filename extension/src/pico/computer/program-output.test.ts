import { describe, expect, it } from "vitest";
import { fakeComputer } from "#test/flash/fake-computer";
import { programOutput } from "./program-output";
import { thisComputer } from "./this-computer";

/** What is told of a program that writes these pieces. */
function outputOf(pieces: () => AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const computer = fakeComputer();
  computer.streams.set("tell", pieces);
  return programOutput(computer, "tell", []);
}

describe("what a program writes", () => {
  it("is a text, wherever its bytes are cut", async () => {
    const bytes = Buffer.from("\u00fc \u{1f980}\n");
    const pieces = async function* () {
      for (const byte of bytes) yield await Promise.resolve(Uint8Array.of(byte));
    };
    expect(await outputOf(pieces)).toBe("\u00fc \u{1f980}\n");
  });

  it("is nothing without the program, without a word, with too many, and after a fault", async () => {
    expect(await programOutput(fakeComputer(), "tell", [])).toBeUndefined();
    const endless = async function* () {
      for (;;) yield await Promise.resolve(new Uint8Array(1 << 23).fill(0x20));
    };
    expect(await outputOf(endless)).toBeUndefined();
    const faulty = async function* () {
      yield await Promise.resolve(Buffer.from("a part"));
      throw new Error("EIO");
    };
    expect(await outputOf(faulty)).toBeUndefined();
  });

  it("is not waited for without end, and the program is ended", async () => {
    const computer = fakeComputer();
    let signal: AbortSignal | undefined;
    const stream: typeof computer.stream = async function* (run) {
      signal = run.signal;
      yield await new Promise<never>(() => undefined);
    };
    expect(await programOutput({ ...computer, stream }, "tell", [])).toBeUndefined();
    expect(computer.now()).toBe(15_000);
    expect(signal?.aborted).toBe(true);
  });

  it("is told by this machine, too, whose programs may not be there", async () => {
    const computer = thisComputer();
    const words = ["-e", "process.stdout.write('\\u00fc'); process.stderr.write('a warning')"];
    expect(await programOutput(computer, process.execPath, words)).toBe("\u00fc");
    expect(await programOutput(computer, "/nowhere/ioreg", [])).toBeUndefined();
  });
});

it("a device that can be opened is held, another is not", async () => {
  const letGo = await thisComputer().hold("/dev/null");
  expect(letGo).toBeDefined();
  await letGo!();
  await letGo!();
  expect(await thisComputer().hold("/nowhere/cu.usbmodem1")).toBeUndefined();
});
