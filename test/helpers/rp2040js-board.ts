import { readFileSync } from "node:fs";
import { ConsoleLogger, LogLevel, RP2040 } from "rp2040js";
import { Core, type CoreBus, type CoreClock, type CoreStop, type IoPort } from "#adapter/chip/armv6m/core";
import { MemoryRegion } from "#adapter/chip/armv6m/memory-region";
import type { MachineHooks } from "#adapter/chip/machine-hooks";
import { parseElf } from "#adapter/elf/elf-file";
import { loadImage } from "#adapter/elf/load-image";

const FLASH = 0x10000000;
const RAM = 0x20000000;
const FLASH_SIZE = 0x200000;
/** Behind the second-stage boot loader. */
const VECTOR_TABLE = FLASH + 0x100;
/** rp2040js counts time at the frequency to which Embassy sets the clock. */
const NANOSECONDS_PER_CYCLE = 8;
const SEV = 0xbf40;

/** The clock that an rp2040js makes for itself, which its package does not export. */
interface SimulationClock {
  readonly nanos: number;
  readonly nanosToNextAlarm: number;
  readonly nextAlarm: { readonly nanos: number } | null;
  tick(nanoseconds: number): void;
}

/** A plain rp2040js with firmware in its flash, about to execute its first instruction. */
export function plainBoard(elfPath: string): RP2040 {
  const board = new RP2040();
  board.logger = new ConsoleLogger(LogLevel.Error, false);
  const elf = parseElf(new Uint8Array(readFileSync(elfPath)), elfPath);
  for (const chunk of loadImage(elf).chunks) {
    if (chunk.physicalAddress >= FLASH && chunk.physicalAddress < FLASH + FLASH_SIZE) {
      board.flash.set(chunk.bytes, chunk.physicalAddress - FLASH);
    }
  }
  board.core.VTOR = VECTOR_TABLE;
  board.core.reset();
  return board;
}

/**
 * Runs a plain rp2040js as its own simulator does, for a number of instructions. SEV does nothing there, and without
 * it Embassy hangs at its first WFE; so it is done here, and that is all that is added. Returns how many were executed:
 * fewer if the board sleeps and nothing is left that could wake it.
 */
export function runPlainBoard(board: RP2040, instructions: number): number {
  const clock = clockOf(board);
  const core = board.core;
  for (let i = 0; i < instructions;) {
    if (core.waiting) {
      if (clock.nextAlarm === null) return i;
      clock.tick(clock.nanosToNextAlarm);
      continue;
    }
    if (board.flash16[(core.PC - FLASH) >>> 1] === SEV) core.eventRegistered = true;
    clock.tick(core.executeInstruction() * NANOSECONDS_PER_CYCLE);
    i++;
  }
  return instructions;
}

/** Our core on the peripherals, the memory and the clock of an rp2040js: both sides of a comparison have the same. */
export class BorrowedBoard {
  readonly core: Core;
  readonly rp2040: RP2040;
  readonly ram: MemoryRegion;
  /** Told of each access of the core to anything but memory. */
  onAccess: (address: number, value: number, isWrite: boolean) => void = () => undefined;
  private readonly clock: BorrowedClock;

  constructor(elfPath: string, hooks: MachineHooks = {}) {
    const rp2040 = plainBoard(elfPath);
    this.rp2040 = rp2040;
    this.clock = new BorrowedClock(clockOf(rp2040));
    this.ram = new MemoryRegion(rp2040.sram, true);
    this.core = new Core({
      ram: { base: RAM, region: this.ram },
      flash: { base: FLASH, region: new MemoryRegion(rp2040.flash.subarray(0, FLASH_SIZE), false) },
      bus: new BorrowedBus(rp2040, this),
      io: new BorrowedIoPort(rp2040, this),
      clock: this.clock,
      hooks,
    });
    this.tellAccesses(this.core);
    rp2040.core.setInterrupt = (line, isHigh) => this.core.nvic.setLevel(line, isHigh);
    this.core.reset(VECTOR_TABLE);
  }

  /** The private peripherals belong to the core; their accesses are told as well. */
  private tellAccesses({ systemControl }: Core): void {
    const read = systemControl.read.bind(systemControl);
    const write = systemControl.write.bind(systemControl);
    systemControl.read = (offset) => {
      const value = read(offset);
      this.onAccess(0xe0000000 + offset, value, false);
      return value;
    };
    systemControl.write = (offset, value) => {
      this.onAccess(0xe0000000 + offset, value, true);
      write(offset, value);
    };
  }

  /** Runs for a number of instructions; sleep is skipped, and ends the run if nothing is left that could end it. */
  run(instructions: number): CoreStop {
    const core = this.core;
    const last = core.instructions + instructions;
    for (;;) {
      const stop = core.run(this.clock.nextAlarmCycle, last - core.instructions);
      const wakeAt = Math.min(this.clock.nextAlarmCycle, core.nextTimerCycle);
      if (stop === "sleep" && wakeAt === Infinity) return stop;
      if (stop === "sleep") core.skipTo(wakeAt);
      this.clock.sync(core.cycles);
      if (stop !== "sleep" && stop !== "time" && stop !== "deadline") return stop;
    }
  }
}

function clockOf(board: RP2040): SimulationClock {
  return board.clock as unknown as SimulationClock;
}

class BorrowedClock implements CoreClock {
  constructor(private readonly clock: SimulationClock) {}

  get revision(): number {
    return this.nextAlarmCycle;
  }

  get nextAlarmCycle(): number {
    const alarm = this.clock.nextAlarm;
    return alarm === null ? Infinity : alarm.nanos / NANOSECONDS_PER_CYCLE;
  }

  sync(cycles: number): void {
    const elapsed = cycles * NANOSECONDS_PER_CYCLE - this.clock.nanos;
    if (elapsed > 0) this.clock.tick(elapsed);
  }
}

class BorrowedBus implements CoreBus {
  waitCycles = 0;
  hasFaulted = false;

  constructor(
    private readonly rp2040: RP2040,
    private readonly board: BorrowedBoard,
  ) {}

  read(address: number, size: 1 | 2 | 4): number {
    const { rp2040 } = this;
    const value =
      size === 4
        ? rp2040.readUint32(address)
        : size === 2
          ? rp2040.readUint16(address)
          : rp2040.readUint8(address);
    this.board.onAccess(address, value, false);
    return value;
  }

  write(address: number, size: 1 | 2 | 4, value: number): void {
    this.board.onAccess(address, value, true);
    if (size === 4) this.rp2040.writeUint32(address, value);
    else if (size === 2) this.rp2040.writeUint16(address, value);
    else this.rp2040.writeUint8(address, value);
  }
}

class BorrowedIoPort implements IoPort {
  constructor(
    private readonly rp2040: RP2040,
    private readonly board: BorrowedBoard,
  ) {}

  read(offset: number): number {
    const value = this.rp2040.sio.readUint32(offset);
    this.board.onAccess(0xd0000000 + offset, value, false);
    return value;
  }

  write(offset: number, _size: 1 | 2 | 4, value: number): void {
    this.board.onAccess(0xd0000000 + offset, value, true);
    this.rp2040.sio.writeUint32(offset, value);
  }
}
