import { parseElf } from "#adapter/elf/elf-file";
import { readFileSync } from "node:fs";
import { loadProgram, type Program } from "#adapter/symbols/program";
import type { StaticVariable } from "#adapter/symbols/static-variable";
import { type CopiedRange, memoryOf } from "#adapter/target/memory-ranges";
import { copyMemory, PICO_MEMORY } from "#adapter/values/memory-copy";
import { ValueReader } from "#adapter/values/reader";
import { symbolsOf } from "#adapter/values/symbol-lookup";
import { firmwareAt, instant, launch } from "#test/helpers/run-firmware";

/** A program that stands still, and what its values are read with. */
export interface StoppedProgram {
  readonly program: Program;
  readonly reader: ValueReader;
  /** Its memory, for other debuggers to look at. */
  readonly ranges: readonly CopiedRange[];
}

/** Runs a firmware to an instant of virtual time. */
export async function stoppedAt(path: string, time: string): Promise<StoppedProgram> {
  const debuggee = await launch(path);
  await debuggee.run(instant(time));
  const memory = await copyMemory(debuggee.target);
  const { program } = await firmwareAt(path);
  debuggee.dispose();
  const ranges = PICO_MEMORY.slice(1).flatMap(({ start, byteSize }) => {
    const bytes = memory.read(start, byteSize);
    return bytes === undefined ? [] : [{ start, bytes }];
  });
  return { program, reader: new ValueReader(memory, symbolsOf(program)), ranges };
}

/** A program as it lies in its file, before anything has run. */
export function notStarted(path: string): StoppedProgram {
  const elf = parseElf(readFileSync(path), path);
  const program = loadProgram(elf);
  const loaded = elf.segments.filter(({ memorySize }) => memorySize > 0);
  const ranges = loaded.map(({ virtualAddress, offset, fileSize, memorySize }) => {
    const copy = new Uint8Array(memorySize);
    copy.set(elf.bytes.subarray(offset, offset + fileSize));
    return { start: virtualAddress, bytes: copy };
  });
  return { program, reader: new ValueReader(memoryOf(ranges), symbolsOf(program)), ranges };
}

/** Statics of the program itself, in the order of their names; of libraries those that change as it runs. */
export function staticsOf({ statics }: Program): StaticVariable[] {
  const isShown = (each: StaticVariable) =>
    each.declaration?.file.origin.kind === "own" || LIBRARY_STATICS.has(each.name);
  const wanted = statics.matching((each) => isShown(each) || each.name.endsWith("::POOL"));
  return wanted.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const LIBRARY_STATICS = new Set([
  "embassy_rp::clocks::CLOCKS",
  "embassy_rp::gpio::BANK0_WAKERS",
  "embassy_rp::time_driver::DRIVER",
  "embassy_rp::critical_section_impl::LOCK_OWNER",
]);
