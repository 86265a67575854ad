import type { RP2040 } from "rp2040js";
import { plainBoard } from "../helpers/rp2040js-board";

const NANOSECONDS_PER_CYCLE = 8;

/** The clock that an rp2040js makes for itself, which its package does not export. */
interface SimulationClock {
  readonly nanos: number;
  readonly nanosToNextAlarm: number;
  readonly nextAlarm: object | null;
  tick(nanoseconds: number): void;
}

/** An unchanged rp2040js with a firmware, run by the loop of its own `Simulator`. */
export class PlainRp2040js {
  instructions = 0;
  private readonly board: RP2040;
  private readonly clock: SimulationClock;

  constructor(elfPath: string) {
    this.board = plainBoard(elfPath);
    this.clock = this.board.clock as unknown as SimulationClock;
    this.doSendEvent();
  }

  get seconds(): number {
    return this.clock.nanos / 1e9;
  }

  runInstructions(count: number): void {
    this.run(count, Infinity);
  }

  runSeconds(seconds: number): void {
    this.run(Infinity, this.clock.nanos + seconds * 1e9);
  }

  private run(count: number, untilNanos: number): void {
    const { clock, board } = this;
    const { core } = board;
    let left = count;
    while (left > 0 && clock.nanos < untilNanos) {
      if (core.waiting) {
        if (clock.nextAlarm === null) throw new Error("rp2040js sleeps for good");
        clock.tick(clock.nanosToNextAlarm);
      } else {
        clock.tick(core.executeInstruction() * NANOSECONDS_PER_CYCLE);
        left--;
        this.instructions++;
      }
    }
  }

  /**
   * SEV only writes a line to the log, and without its effect Embassy hangs at its first WFE. The log is where it is
   * noticed, so that no other instruction pays for it.
   */
  private doSendEvent(): void {
    const { core } = this.board;
    const ignore = () => undefined;
    this.board.logger = {
      debug: ignore,
      info: (_component: string, message: string) => {
        if (message === "SEV") core.eventRegistered = true;
      },
      warn: ignore,
      error: ignore,
    };
  }
}
