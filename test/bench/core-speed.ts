import { BorrowedBoard, plainBoard, runPlainBoard } from "../helpers/rp2040js-board";

/** Millions of instructions per second of processor time on one ELF. */
export interface CoreSpeed {
  readonly ours: number;
  readonly rp2040js: number;
}

/**
 * Measures our core and plain rp2040js on the same firmware with the same peripherals (those of rp2040js), so that the
 * difference is the core and its run loop. Best of three each, in turns.
 */
export function measureCore(elfPath: string, instructions = 20_000_000): CoreSpeed {
  let ours = 0;
  let rp2040js = 0;
  for (let round = 0; round < 3; round++) {
    const borrowed = new BorrowedBoard(elfPath);
    ours = Math.max(
      ours,
      instructionsPerMicrosecond(instructions, () => borrowed.run(instructions)),
    );
    const plain = plainBoard(elfPath);
    rp2040js = Math.max(
      rp2040js,
      instructionsPerMicrosecond(instructions / 4, () => runPlainBoard(plain, instructions / 4)),
    );
  }
  return { ours, rp2040js };
}

function instructionsPerMicrosecond(instructions: number, run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  const spent = process.cpuUsage(start);
  return instructions / (spent.user + spent.system);
}
