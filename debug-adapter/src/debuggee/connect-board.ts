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

/** How many pieces of the program are compared with what is in the board, and how large they are. */
const SAMPLES = 32;
const SAMPLE_BYTES = 64;

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
    target.dispose();
    throw error;
  }
  return target;
}

/** Pieces from all over the program: another build of it differs in nearly every one. */
async function checkProgram(name: string, program: readonly CopiedRange[], target: GdbTarget): Promise<void> {
  await Promise.all(
    program.flatMap(({ start, bytes }) =>
      samplesOf(bytes.length).map(async ({ from, length }) => {
        const read = await target.readMemory(address(start + from), length);
        const differs = bytes.subarray(from, from + length).findIndex((byte, i) => byte !== read[i]);
        if (differs < 0) return;
        throw new UserError(
          `The board does not hold ${name}: they differ at ${hexAddress(start + from + differs)}`,
          'flash it first (`Pollscope: Flash and Debug` does), or set "program" to the ELF file of what it runs',
        );
      }),
    ),
  );
}

function samplesOf(size: number): { readonly from: number; readonly length: number }[] {
  const length = Math.min(size, SAMPLE_BYTES);
  const count = Math.min(SAMPLES, Math.ceil(size / SAMPLE_BYTES));
  return Array.from({ length: count }, (_, i) => ({
    from: count === 1 ? 0 : Math.round(((size - length) * i) / (count - 1)),
    length,
  }));
}
