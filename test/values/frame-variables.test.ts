import { describe, expect, it } from "vitest";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import { Unwinder } from "#adapter/unwind/unwinder";
import type { Frame } from "#adapter/unwind/backtrace";
import { evaluate } from "#adapter/values/expression/evaluate";
import { type FrameVariable, frameVariables, lookupVariable } from "#adapter/values/frame-variables";
import { copyMemory } from "#adapter/values/memory-copy";
import { ValueReader } from "#adapter/values/reader";
import { symbolsOf } from "#adapter/values/symbol-lookup";
import { valueText } from "#adapter/values/value-text";
import { instant, launch } from "#test/helpers/run-firmware";

/** Where a call of Timer::after has come to read the clock: its caller's arguments are in place. */
const INNER = "embassy_time::instant::Instant::now";
const OUTER = "embassy_time::timer::Timer::after";

async function stopIn(debuggee: Debuggee, path: string): Promise<Stopped> {
  const { program, elf } = debuggee.firmware;
  const { target } = debuggee;
  const breakpoints = program.functions.withPath(path).map(({ address }) => target.addBreakpoint(address));
  expect(breakpoints.length).toBeGreaterThan(0);
  await debuggee.run(instant("1s"));
  for (const each of breakpoints) each.remove();
  const memory = await copyMemory(target);
  const unwinder = new Unwinder(program, elf, { entry: elf.header.entry });
  const { frames } = unwinder.unwind(await target.readRegisters(), memory);
  return { frames, reader: new ValueReader(memory, symbolsOf(program)) };
}

interface Stopped {
  readonly frames: readonly Frame[];
  readonly reader: ValueReader;
}

function variablesOf({ entryOffset, machine }: Frame, { firmware }: Debuggee): FrameVariable[] {
  if (entryOffset === undefined) return [];
  return frameVariables(firmware.program, { entryOffset, pc: machine.lookupPc }, machine);
}

describe("variables of frames", () => {
  it("are what the caller was given", async () => {
    const debuggee = await launch("samples/prebuilt/blink-dev.elf");
    const { frames, reader } = await stopIn(debuggee, INNER);
    const outer = frames.find((frame) => frame.function?.path === OUTER)!;
    const variables = variablesOf(outer, debuggee);
    const duration = variables.find(({ name }) => name === "duration");
    expect(duration?.isParameter).toBe(true);
    // The sample's naps, in milliseconds.
    expect(valueText(duration!.value, reader)).toMatch(/^(30|100|900) ms$/);
    const scope = { lookup: (name: string) => lookupVariable(variables, name) };
    expect(evaluate("duration.ticks >= 30_000", reader, scope)).toMatchObject({
      kind: "value",
      value: { type: { name: "bool" } },
    });
  });

  it.each(["dev", "release"])(
    "are shown or said to be lost, in every frame of a %s build",
    async (profile) => {
      const debuggee = await launch(`samples/prebuilt/blink-${profile}.elf`);
      const { frames, reader } = await stopIn(debuggee, "embassy_executor::raw::waker::wake");
      const texts = frames.flatMap((frame) =>
        variablesOf(frame, debuggee).map(({ name, value }) => `${name} = ${valueText(value, reader)}`),
      );
      expect(texts.length).toBeGreaterThan(3);
      expect(texts.filter((text) => /undefined|\[object|NaN/.test(text))).toEqual([]);
    },
  );
});
