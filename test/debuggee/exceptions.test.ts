import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { address, nanoseconds } from "#adapter/base/brand";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { firmwareAt } from "#test/helpers/run-firmware";

// Firmware that fails in a way that the test chooses. What its own panic handler writes down is the oracle for the
// message; marker comments in its source are the oracle for the place.

const FOLDER = "test/firmware/panics";
const CASES = `${FOLDER}/src/cases.rs`;

const PANICS = [
  "formatted",
  "plain",
  "out-of-bounds",
  "unwrap-none",
  "borrowed-twice",
  "expect-error",
  "divide",
] as const;

const FAULTS = [
  { number: 7, marker: "read-nowhere", words: "a load of 4 bytes at 0xf0000000, where nothing is" },
  {
    number: 8,
    marker: "read-unaligned",
    words: "a load of 4 bytes at 0x20000101, which is not a multiple of 4",
  },
  { number: 9, marker: "jump-nowhere", words: "a jump to 0x60000000, where no code can be" },
  { number: 10, marker: "undefined", words: "an undefined instruction (udf)" },
  { number: 12, marker: "write-nowhere", words: "a store of 4 bytes at 0x60000000, where nothing is" },
] as const;

/** The line of a marker of the form `// @panic NAME`. */
function lineOf(marker: string): number {
  const lines = readFileSync(CASES, "utf8").split("\n");
  return lines.findIndex((line) => line.endsWith(` ${marker}`) && line.includes("// @")) + 1;
}

/** A firmware that will fail in the way of a case. */
async function failing(program: string, number: number): Promise<Debuggee> {
  const firmware = await firmwareAt(`${FOLDER}/prebuilt/${program}.elf`);
  const debuggee = new Debuggee(firmware);
  const chosen = firmware.elf.symbols.byName("POLLSCOPE_CASE")!.address;
  await debuggee.target.writeMemory(chosen, Uint8Array.of(number, 0, 0, 0));
  return debuggee;
}

/** What the firmware's own panic handler has written down by the time it is in its endless loop. */
async function ownWords(debuggee: Debuggee): Promise<{ message: string; line: number }> {
  const { target, firmware } = debuggee;
  await debuggee.runControl.continue({ until: nanoseconds(target.now + 20e6) });
  const staticAt = (name: string) =>
    firmware.program.statics.matching((each) => each.name.endsWith(name))[0]!.address;
  const word = async (at: number) =>
    new DataView((await target.readMemory(address(at), 4)).slice().buffer).getUint32(0, true);
  const message = staticAt("POLLSCOPE_MESSAGE");
  const bytes = await target.readMemory(address(message + 4), await word(message));
  return { message: new TextDecoder().decode(bytes), line: await word(staticAt("POLLSCOPE_LINE")) };
}

describe.each(["dev", "release"])("panics (%s)", (profile) => {
  it.each(PANICS.map((marker, number) => ({ marker, number })))(
    "$marker stops with the message and the place that the firmware itself tells",
    async ({ marker, number }) => {
      const debuggee = await failing(`panics-${profile}`, number);
      expect(debuggee.breakpoints.setExceptions({ panic: true, hardFault: true })).toEqual({});
      const { cause, task } = await debuggee.runControl.continue({ until: nanoseconds(1e9) });
      const { message, line } = await ownWords(debuggee);
      expect(line).toBe(lineOf(marker));
      expect(cause).toEqual({
        kind: "exception",
        what: `panic: ${message}`,
        place: { file: expect.stringMatching(/\/panics\/src\/cases\.rs$/) as string, line },
      });
      expect(debuggee.trace.tasks[task!]!.name).toBe("failing_task");
    },
  );

  it("without a handler that looks at it, are stopped at, with the place, and without a made-up message", async () => {
    for (const [number, marker] of PANICS.entries()) {
      const debuggee = await failing(`panics-halt-${profile}`, number);
      debuggee.breakpoints.setExceptions({ panic: true, hardFault: false });
      const { cause } = await debuggee.runControl.continue({ until: nanoseconds(1e9) });
      const what = cause.kind === "exception" ? cause.what : cause.kind;
      const line = cause.kind === "exception" ? cause.place?.line : undefined;
      if (profile === "release") {
        expect({ marker, what }).toEqual({ marker, what: "panic (its message is not kept in this build)" });
      } else expect(what).toMatch(/^panic: /);
      expect({ marker, line }).toEqual({ marker, line: lineOf(marker) });
    }
  });

  it("are passed by when nobody wants to stop there", async () => {
    const debuggee = await failing(`panics-${profile}`, 0);
    debuggee.breakpoints.setExceptions({ panic: true, hardFault: true });
    debuggee.breakpoints.setExceptions({ panic: false, hardFault: false });
    const { cause } = await debuggee.runControl.continue({ until: nanoseconds(0.2e9) });
    expect(cause).toEqual({ kind: "time" });
  });
});

describe.each(["dev", "release"])("hard faults (%s)", (profile) => {
  it.each(FAULTS)("$marker stops with what was tried, and where", async ({ number, marker, words }) => {
    const debuggee = await failing(`panics-${profile}`, number);
    debuggee.breakpoints.setExceptions({ panic: true, hardFault: true });
    const { cause } = await debuggee.runControl.continue({ until: nanoseconds(1e9) });
    expect(cause).toMatchObject({ kind: "exception", what: `hard fault: ${words}` });
    // `udf` is a function of cortex-m, and that is where it happens.
    const place =
      marker === "undefined" ? { file: /\/cortex-m-[^/]+\/src\/asm\.rs$/ } : { line: lineOf(marker) };
    const found = cause.kind === "exception" ? cause.place : null;
    if ("file" in place) expect(found?.file).toMatch(place.file);
    else
      expect(found).toMatchObject({ file: expect.stringMatching(/cases\.rs$/) as string, line: place.line });
  });

  it("breakpoint instructions stop, and are passed when the debuggee goes on", async () => {
    const debuggee = await failing(`panics-${profile}`, 11);
    const stop = await debuggee.runControl.continue({ until: nanoseconds(1e9) });
    expect(stop.cause).toMatchObject({
      kind: "exception",
      what: "the firmware has executed a breakpoint instruction (bkpt 0)",
    });
    const after = await debuggee.runControl.continue({ until: nanoseconds(1e9) });
    expect(after.cause).toEqual({ kind: "time" });
  });
});
