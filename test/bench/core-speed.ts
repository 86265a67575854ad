import { readFileSync } from "node:fs";
import { NEVER } from "#adapter/chip/scheduler";
import { Rp2040 } from "#adapter/chip/rp2040/rp2040";
import { parseElf } from "#adapter/elf/elf-file";
import { loadImage } from "#adapter/elf/load-image";
import { BorrowedBoard, plainBoard, runPlainBoard } from "../helpers/rp2040js-board";

/** Millions of instructions per second of processor time on one ELF. */
export interface CoreSpeed {
  /** Our core in our machine: what users get. */
  readonly machine: number;
  /** Our core on rp2040js's peripherals: what the core and its run loop alone make of the difference. */
  readonly coreAlone: number;
  readonly rp2040js: number;
}

const ROUNDS = 3;
/** rp2040js is slower, and as many instructions less of it are as telling. */
const FEWER_OF_RP2040JS = 4;

/** Measures our machine, our core and plain rp2040js on the same firmware; the best of a few rounds each, in turns. */
export function measureCore(elfPath: string, instructions = 20_000_000): CoreSpeed {
  const best = { machine: 0, coreAlone: 0, rp2040js: 0 };
  const ofRp2040js = Math.round(instructions / FEWER_OF_RP2040JS);
  for (let round = 0; round < ROUNDS; round++) {
    const machine = machineWith(elfPath);
    best.machine = Math.max(
      best.machine,
      speed(() => {
        machine.run(NEVER, instructions);
        return machine.core.instructions;
      }),
    );
    const borrowed = new BorrowedBoard(elfPath);
    best.coreAlone = Math.max(
      best.coreAlone,
      speed(() => {
        borrowed.run(instructions);
        return borrowed.core.instructions;
      }),
    );
    const plain = plainBoard(elfPath);
    best.rp2040js = Math.max(
      best.rp2040js,
      speed(() => runPlainBoard(plain, ofRp2040js)),
    );
  }
  return best;
}

function machineWith(elfPath: string): Rp2040 {
  const machine = new Rp2040();
  const { chunks } = loadImage(parseElf(new Uint8Array(readFileSync(elfPath)), elfPath));
  machine.loadImage(chunks.map(({ physicalAddress, bytes }) => ({ address: physicalAddress, bytes })));
  machine.reset();
  return machine;
}

/** Instructions per microsecond of processor time. `run` returns how many it executed. */
function speed(run: () => number): number {
  const start = process.cpuUsage();
  const instructions = run();
  const spent = process.cpuUsage(start);
  return instructions / (spent.user + spent.system);
}
