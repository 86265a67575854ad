import { address, nanoseconds } from "../base/brand";
import { UserError } from "../base/errors";
import { hexAddress } from "../base/hex-address";
import { loadImage } from "../elf/load-image";
import type { GdbAddress } from "../target/gdb/gdb-line";
import { GdbTarget } from "../target/gdb/gdb-target";
import type { CopiedRange } from "../target/memory-ranges";
import { programOf, usedRamOf } from "./board-memory";
import type { Firmware } from "./firmware";
import { checkForPico, RAM } from "./pico";

/** Comparators for code of an RP2040's core (datasheet 2.4.1: the breakpoint unit has four). */
const CODE_PLACES = 4;

/**
 * Connects to the gdb server of a board that runs a firmware; its program is halted.
 * @param clock milliseconds of a clock that never goes back
 * @throws UserError if there is no server, or the board does not hold this firmware
 */
export async function connectBoard(
  { elf }: Firmware,
  at: GdbAddress,
  clock: () => number,
): Promise<GdbTarget> {
  const image = loadImage(elf);
  checkForPico(elf, image);
  const program = programOf(image);
  const target = await GdbTarget.connect({
    ...at,
    program,
    ram: { start: RAM.start, byteSize: RAM.size },
    usedRam: usedRamOf(elf),
    codePlaces: CODE_PLACES,
    now: () => nanoseconds(clock() * 1e6),
  });
  try {
    await checkProgram(elf.name, program, target);
  } catch (error) {
    // A gdb server has one client at a time: the next attempt needs its place.
    target.dispose();
    await target.released;
    throw error;
  }
  return target;
}

/** All of it: a constant that was changed and not flashed is one byte. */
async function checkProgram(name: string, program: readonly CopiedRange[], target: GdbTarget): Promise<void> {
  for (const { start, bytes } of program) {
    const read = await target.readMemory(address(start), bytes.length);
    const differs = bytes.findIndex((byte, i) => byte !== read[i]);
    if (differs < 0) continue;
    const at = hexAddress(start + differs);
    if (differs >= read.length) {
      throw new UserError(
        `The board's memory cannot be read at ${at}, where ${name} has its program`,
        "check that the board is a Pico, is connected to the probe and has power",
      );
    }
    throw new UserError(
      `The board does not hold ${name}: they differ at ${at}`,
      'flash it first (`Pollscope: Flash and Debug` does), or set "program" to the ELF file of what it runs',
    );
  }
}
