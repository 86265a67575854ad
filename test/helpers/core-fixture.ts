import { Core, type CoreBus, type CoreClock, type CoreStop, type IoPort } from "#adapter/chip/armv6m/core";
import { MemoryRegion } from "#adapter/chip/armv6m/memory-region";
import type { MachineHooks } from "#adapter/chip/machine-hooks";

export const FLASH = 0x10000000;
export const RAM = 0x20000000;
/** Where the program of a fixture begins. */
export const CODE = FLASH + 0x100;
export const RAM_SIZE = 0x1000;
/** The initial stack pointer. */
export const STACK = RAM + RAM_SIZE;

const FLASH_SIZE = 0x10000;
const HANDLERS = FLASH + 0x8000;
const BRANCH_TO_SELF = 0xe7fe;

export type Program = readonly (number | readonly number[])[];

export interface FixtureOptions {
  /** Programs of exception handlers, by exception number; the others loop for ever. */
  readonly handlers?: Readonly<Partial<Record<number, Program>>>;
  readonly hooks?: MachineHooks;
}

/** A core with 64 KB of flash, 4 KB of RAM, a program, and everything around it faked. */
export class CoreFixture {
  readonly core: Core;
  readonly ram = new MemoryRegion(new Uint8Array(RAM_SIZE), true);
  readonly flash = new MemoryRegion(new Uint8Array(FLASH_SIZE), false);
  readonly bus = new FakeBus();
  readonly io = new FakeIoPort();
  readonly clock = new FakeClock();
  eventsSent = 0;

  constructor(program: Program, options: FixtureOptions = {}) {
    this.flash.words[0] = STACK;
    this.flash.words[1] = CODE | 1;
    for (let exception = 2; exception < 48; exception++)
      this.flash.words[exception] = handlerOf(exception) | 1;
    for (let exception = 2; exception < 48; exception++) {
      this.place(handlerOf(exception), options.handlers?.[exception] ?? [BRANCH_TO_SELF]);
    }
    this.place(CODE, [...program, BRANCH_TO_SELF]);
    this.core = new Core({
      ram: { base: RAM, region: this.ram },
      flash: { base: FLASH, region: this.flash },
      bus: this.bus,
      io: this.io,
      clock: this.clock,
      hooks: options.hooks ?? {},
      onSendEvent: () => this.eventsSent++,
    });
    this.core.reset(FLASH);
  }

  /** Writes instructions into flash or RAM. */
  place(address: number, program: Program): void {
    const halfwords = Uint16Array.from(program.flat());
    const bytes = new Uint8Array(halfwords.buffer);
    if (address >= RAM) this.ram.write(address - RAM, bytes);
    else this.flash.write(address - FLASH, bytes);
  }

  /** Executes a number of instructions. */
  step(instructions = 1): CoreStop {
    return this.core.run(Infinity, instructions);
  }

  /** Cycles that the next instructions take. */
  cyclesOf(instructions: number): number {
    const before = this.core.cycles;
    this.step(instructions);
    return this.core.cycles - before;
  }

  set(registers: Readonly<Partial<Record<number, number>>>): this {
    for (const [register, value] of Object.entries(registers)) this.core.registers[Number(register)] = value!;
    return this;
  }

  register(index: number): number {
    return this.core.registers[index]! >>> 0;
  }

  /** Flags as letters, upper case where set: "nZCv". */
  flags(): string {
    return flagLetters(this.core.apsr());
  }

  setFlags(text: string): this {
    this.core.setFlags(flagBits(text));
    return this;
  }

  word(address: number): number {
    return (
      (address >= RAM
        ? this.ram.words[(address - RAM) >>> 2]!
        : this.flash.words[(address - FLASH) >>> 2]!) >>> 0
    );
  }
}

/** The flags of an APSR as letters, upper case where set: "nZCv". */
export function flagLetters(apsr: number): string {
  return Array.from("nzcv", (name, i) => (((apsr >>> (31 - i)) & 1) !== 0 ? name.toUpperCase() : name)).join(
    "",
  );
}

/** The APSR of such letters. */
export function flagBits(letters: string): number {
  const bits = Array.from(letters, (letter) => (letter === letter.toUpperCase() ? "1" : "0"));
  return parseInt(bits.join(""), 2) << 28;
}

/** Where the handler of an exception is. */
export function handlerOf(exception: number): number {
  return HANDLERS + 0x100 * exception;
}

/** Remembers what is asked of it. Addresses from 0x90000000 on fault. */
export class FakeBus implements CoreBus {
  waitCycles = 0;
  hasFaulted = false;
  readonly values = new Map<number, number>();
  readonly log: string[] = [];
  /** Wait cycles of each access. */
  latency = 0;
  /** Called within each access. */
  onAccess: () => void = () => undefined;

  read(address: number, size: 1 | 2 | 4): number {
    this.log.push(`read ${address.toString(16)} ${size}`);
    this.finish(address);
    return this.values.get(address) ?? 0;
  }

  write(address: number, size: 1 | 2 | 4, value: number): void {
    this.log.push(`write ${address.toString(16)} ${size} ${value.toString(16)}`);
    this.finish(address);
    this.values.set(address, value);
  }

  private finish(address: number): void {
    this.waitCycles = this.latency;
    this.hasFaulted = address >= 0x90000000;
    this.onAccess();
  }
}

export class FakeIoPort implements IoPort {
  readonly log: string[] = [];

  read(offset: number, size: 1 | 2 | 4): number {
    this.log.push(`read ${offset.toString(16)} ${size}`);
    return 0x12345678;
  }

  write(offset: number, size: 1 | 2 | 4, value: number): void {
    this.log.push(`write ${offset.toString(16)} ${size} ${value.toString(16)}`);
  }
}

/** Remembers the cycle it was last brought to. */
export class FakeClock implements CoreClock {
  revision = 0;
  syncedTo = 0;

  sync(cycles: number): void {
    this.syncedTo = cycles;
  }
}
