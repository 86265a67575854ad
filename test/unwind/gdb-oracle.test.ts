import { basename, posix } from "node:path";
import { expect, it } from "vitest";
import { address } from "#adapter/base/brand";
import type { Firmware } from "#adapter/debuggee/firmware";
import { EXCEPTION_NAMES } from "#adapter/debuggee/pico";
import type { Program } from "#adapter/symbols/program";
import type { SourcePlace } from "#adapter/symbols/source-files";
import type { Backtrace, Frame } from "#adapter/unwind/backtrace";
import { Unwinder } from "#adapter/unwind/unwinder";
import { firmwareFiles } from "#test/helpers/firmware";
import { type GdbFrame, parseStack } from "#test/helpers/gdb";
import { firmwareAt } from "#test/helpers/run-firmware";
import { describeWithTool } from "#test/helpers/tool";
import { gdbAtStops } from "./gdb-at-stops";
import { bootStops, functionStops, type Stop, walkStops } from "./stops";

// gdb is attached to the emulated chip by our own gdb server, which knows no debug info. At each stop both say who
// called whom: every frame's address, function, file, line and inlining must be equal, and the registers that a
// function has to give back (AAPCS32 6.1.1).

/** What we say at one stop. */
interface Sight {
  readonly title: string;
  readonly backtrace: Backtrace;
}

/** What gdb says there. */
interface GdbSight {
  readonly frames: readonly GdbFrame[];
  /** Values of `REGISTERS` in each frame. */
  readonly registers: readonly (readonly number[])[];
}

/** Registers to compare, with their numbers. */
const REGISTERS = { r4: 4, r5: 5, r6: 6, r7: 7, r8: 8, sp: 13 } as const;

/** Functions that are walked through instruction by instruction, in a few programs. */
const WALKED = ["schedule_wake", "waker::wake", "TIMER_IRQ_0_trampoline", "TaskStorage"];
const WALKED_PROGRAMS = /blink|trace-hooks-release/;

function stopsFor(path: string): Stop[] {
  const walks = WALKED_PROGRAMS.test(path) ? WALKED.flatMap((name) => walkStops(name, 45)) : [];
  return [...bootStops(), ...functionStops(15), ...walks];
}

/** Stands a firmware at each stop, with gdb attached, and has both tell what they see. */
async function lookAt(gdb: string, path: string): Promise<{ ours: Sight[]; theirs: GdbSight[] }> {
  const unwinder = unwinderFor(await firmwareAt(path));
  const { ours, output } = await gdbAtStops({
    gdb,
    path,
    stops: stopsFor(path),
    look: [
      'interpreter-exec mi "-stack-list-frames"',
      `frame apply all -q info registers ${Object.keys(REGISTERS).join(" ")}`,
    ],
    see: ({ target }) => unwinder.unwindTarget(target),
  });
  return {
    ours: ours.map(({ title, sight }) => ({ title, backtrace: sight })),
    theirs: readSights(output),
  };
}

function unwinderFor({ program, elf }: Firmware): Unwinder {
  return new Unwinder(program, elf, {
    entry: elf.header.entry,
    symbolAt: (at) => elf.symbols.functionAt(at),
    exceptionName: (exception) => EXCEPTION_NAMES[exception],
  });
}

function readSights(output: string): GdbSight[] {
  const sights: { frames: GdbFrame[]; registers: number[][] }[] = [];
  for (const line of output.split("\n")) {
    const register = /^(r\d+|sp) +(0x[0-9a-f]+)/.exec(line);
    if (line.startsWith("^done,stack")) sights.push({ frames: parseStack(line), registers: [] });
    else if (register !== null) {
      const { registers } = sights.at(-1)!;
      if (register[1] === "r4") registers.push([]);
      registers.at(-1)!.push(Number(register[2]));
    }
  }
  return sights;
}

function ourText(frame: Frame, inner: Frame | undefined, program: Program): string {
  const registers = Object.values(REGISTERS).map((register) => frame.machine.registers.get(register) ?? NaN);
  const pc = frame.pc.toString(16);
  if (frame.kind === "exception") return `${pc} exception ${hex(registers)}`;
  // The line of a call that was inlined comes from elsewhere.
  const isInnermost = inner?.machine !== frame.machine;
  const place = frame.place ?? (isInnermost ? placeBefore(frame, program) : undefined);
  const where = place === undefined ? "" : ` ${place.file.path}:${place.line}`;
  return `${pc} ${frame.name}${where}${frame.isInlined ? " (inlined)" : ""} ${hex(registers)}`;
}

/**
 * gdb leaves out all rows of the line table that belong to no line (line 0), so it gives their code to the line of the
 * code before, be it of another function or file (gdb 13, dwarf2/read.c, lnp_state_machine::record_line).
 * We give it to none (DWARF 5 section 6.2.2).
 */
function placeBefore({ machine }: Frame, { lines }: Program): SourcePlace | undefined {
  for (
    let row = lines.rowAt(machine.lookupPc);
    row !== undefined;
    row = lines.rowAt(address(row.address - 1))
  ) {
    if (row.line > 0 && row.file !== undefined) return { file: row.file, line: row.line, column: 0 };
  }
  return undefined;
}

function theirTexts({ frames, registers }: GdbSight): string[] {
  return frames.map((frame, i) => {
    const pc = frame.pc.toString(16);
    const values = hex(registers[i] ?? []);
    if (frame.name === "<signal handler called>") return `${pc} exception ${values}`;
    const place = frame.file === undefined ? "" : ` ${posix.normalize(frame.file)}:${frame.line ?? 0}`;
    // An inlined frame has the address of the one that it is inlined into.
    const isInlined = frames[i + 1]?.pc === frame.pc;
    return `${pc} ${frame.name ?? "?"}${place}${isInlined ? " (inlined)" : ""} ${values}`;
  });
}

function hex(values: readonly number[]): string {
  return values.map((value) => value.toString(16)).join(" ");
}

describeWithTool("gdb-multiarch", "backtraces", (gdb) => {
  const seen = { stops: 0, exceptions: 0, inlined: 0, deepest: 0 };

  it.each(firmwareFiles().map((path) => [basename(path), path]))("of %s equal gdb's", async (_, path) => {
    const { ours, theirs } = await lookAt(gdb, path);
    const { program } = await firmwareAt(path);
    expect(theirs.length).toBe(ours.length);
    for (const [i, { title, backtrace }] of ours.entries()) {
      const { frames, problem } = backtrace;
      expect([title, ...frames.map((frame, i) => ourText(frame, frames[i - 1], program))]).toEqual([
        title,
        ...theirTexts(theirs[i]!),
      ]);
      expect(problem, title).toBeUndefined();
      expect(frames.filter(({ kind }) => kind === "guessed")).toEqual([]);
      seen.stops++;
      seen.exceptions += frames.some(({ kind }) => kind === "exception") ? 1 : 0;
      seen.inlined += frames.some(({ isInlined }) => isInlined) ? 1 : 0;
      seen.deepest = Math.max(seen.deepest, frames.length);
    }
  });

  it("are compared at stops of every kind", () => {
    expect(seen.stops).toBeGreaterThan(700);
    expect(seen.exceptions).toBeGreaterThan(100);
    expect(seen.inlined).toBeGreaterThan(300);
    expect(seen.deepest).toBeGreaterThan(20);
  });
});
