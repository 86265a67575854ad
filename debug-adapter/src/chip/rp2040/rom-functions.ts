import type { Core } from "../armv6m/core";
import { CYCLES, LR, PC } from "../armv6m/core-state";
import { raiseHardFault } from "../armv6m/exceptions";
import type { MachineHooks } from "../machine-hooks";
import type { Flash } from "./flash";
import type { Rom, RomFunction } from "./rom";
import { DOUBLE_ROUTINES, FLOAT_ROUTINES, type FloatRoutine } from "./rom-float";

/** What the routines of the ROM work on. */
export interface RomWorld {
  readonly core: Core;
  readonly flash: Flash;
  readonly hooks: Pick<MachineHooks, "onUnimplemented">;
  /** Lets virtual time pass while a routine waits. */
  readonly wait: (nanoseconds: number) => void;
  /** The firmware leaves for the boot loader. */
  readonly leaveForBootLoader: () => void;
}

// Cycles per routine. Approximate: the datasheet has figures for a few routines only (2.8.3.1.1, 2.8.3.2.1).
const BIT_CYCLES = 20;
const LOOKUP_CYCLES = 60;
const CYCLES_PER_BYTE = 3;
const CYCLES_PER_WORD = 4;
const FLOAT_CYCLES = 70;
const DOUBLE_CYCLES = 150;

/** Makes every routine of the synthetic ROM do its work in TypeScript when the core gets to it. */
export function trapRomFunctions(rom: Rom, world: RomWorld): void {
  const trap = (name: string, run: (registers: Int32Array) => void) => {
    world.core.setTrap(rom.routines.get(name)!, () => callRoutine(world.core, run));
  };
  const functions = { ...bitFunctions(world), ...memoryFunctions(world), ...flashFunctions(world) };
  for (const [name, run] of Object.entries(functions)) trap(name, run);
  for (const name of ["wait_for_vector", "debug_trampoline", "debug_trampoline_end"]) {
    trap(name, () => world.hooks.onUnimplemented?.(`ROM ${name}`, "read"));
  }
  const trapFloats = (kind: string, routines: Readonly<Record<number, FloatRoutine>>, cycles: number) => {
    for (const [offset, routine] of Object.entries(routines)) {
      trap(`${kind} 0x${Number(offset).toString(16)}`, (registers) => {
        routine(registers.slice(0, 4), registers);
        spend(world.core, cycles);
      });
    }
  };
  trapFloats("float", FLOAT_ROUTINES, FLOAT_CYCLES);
  trapFloats("double", DOUBLE_ROUTINES, DOUBLE_CYCLES);
}

/** Lets cycles of the core pass. */
export function spend(core: Core, cycles: number): void {
  core.counters[CYCLES]! += Math.ceil(cycles);
}

type Routines = Partial<Record<RomFunction, (registers: Int32Array) => void>>;

/** A load or store of a routine hit nothing: the core faults there, and the routine goes no further. */
class AccessFailed extends Error {}

/** Runs a routine and returns to its caller. */
function callRoutine(core: Core, run: (registers: Int32Array) => void): void {
  const { registers } = core;
  try {
    run(registers);
    registers[PC] = registers[LR]! & ~1;
  } catch (error) {
    if (!(error instanceof AccessFailed)) throw error;
    raiseHardFault(core);
  }
}

function load(core: Core, address: number, size: 1 | 2 | 4): number {
  const value = core.load(address, size);
  if (core.takeFault()) throw new AccessFailed();
  return value;
}

function store(core: Core, address: number, size: 1 | 2 | 4, value: number): void {
  core.store(address, size, value);
  if (core.takeFault()) throw new AccessFailed();
}

function bitFunctions({ core }: RomWorld): Routines {
  const unary = (compute: (value: number) => number) => (registers: Int32Array) => {
    registers[0] = compute(registers[0]!);
    spend(core, BIT_CYCLES);
  };
  return {
    popcount32: unary((value) => bits(value).reduce((sum, bit) => sum + bit, 0)),
    reverse32: unary((value) => bits(value).reduce((reversed, bit, n) => reversed | (bit << (31 - n)), 0)),
    clz32: unary((value) => Math.clz32(value)),
    ctz32: unary((value) => (value === 0 ? 32 : 31 - Math.clz32(value & -value))),
  };
}

/** The bits of a word, lowest first. */
function bits(value: number): number[] {
  return Array.from({ length: 32 }, (_, n) => (value >>> n) & 1);
}

/** The firmware's own loads and stores, so that watches and register blocks see them. */
function memoryFunctions({ core }: RomWorld): Routines {
  const fill = (size: 1 | 4, cycles: number) => (registers: Int32Array) => {
    const [to, value, length] = [registers[0]!, registers[1]! & 0xff, registers[2]! >>> 0];
    const pattern = size === 4 ? Math.imul(value, 0x1010101) : value;
    withoutCycles(core, () => {
      for (let i = 0; i < length; i += size) store(core, to + i, size, pattern);
    });
    spend(core, (length / size) * cycles);
  };
  const copy = (size: 1 | 4, cycles: number) => (registers: Int32Array) => {
    const [to, from, length] = [registers[0]!, registers[1]!, registers[2]! >>> 0];
    withoutCycles(core, () => {
      for (let i = 0; i < length; i += size) store(core, to + i, size, load(core, from + i, size));
    });
    spend(core, (length / size) * cycles);
  };
  return {
    rom_table_lookup: (registers) => lookUp(core, registers),
    memset: fill(1, CYCLES_PER_BYTE),
    memset4: fill(4, CYCLES_PER_WORD),
    memcpy: copy(1, CYCLES_PER_BYTE),
    memcpy44: copy(4, CYCLES_PER_WORD),
  };
}

/** rom_table_lookup(table, code): the pointer behind the code, or 0 (datasheet 2.8.3). */
function lookUp(core: Core, registers: Int32Array): void {
  const [table, code] = [registers[0]!, registers[1]! & 0xffff];
  withoutCycles(core, () => {
    let at = table;
    let entry = load(core, at, 2);
    while (entry !== 0 && entry !== code) {
      at += 4;
      entry = load(core, at, 2);
    }
    registers[0] = entry === 0 ? 0 : load(core, at + 2, 2);
  });
  spend(core, LOOKUP_CYCLES);
}

/** Loads and stores of a routine take the cycles that the routine is known to take, not those of single accesses. */
function withoutCycles(core: Core, run: () => void): void {
  const before = core.cycles;
  try {
    run();
  } finally {
    spend(core, before - core.cycles);
  }
}

/** Flash routines (datasheet 2.8.3.1.3). XIP needs no leaving and entering here, so the others only take their call. */
function flashFunctions(world: RomWorld): Routines {
  const { core, flash } = world;
  const nothing = () => spend(core, BIT_CYCLES);
  return {
    connect_internal_flash: nothing,
    flash_exit_xip: nothing,
    flash_flush_cache: nothing,
    flash_enter_cmd_xip: nothing,
    flash_range_erase: (registers) => {
      const [offset, length, blockSize] = [registers[0]!, registers[1]!, registers[2]!];
      world.wait(flash.erase(offset >>> 0, length >>> 0, blockSize >>> 0));
    },
    flash_range_program: (registers) => {
      const [offset, from, length] = [registers[0]!, registers[1]!, registers[2]!];
      const data = new Uint8Array(length >>> 0);
      withoutCycles(core, () => {
        for (let i = 0; i < data.length; i++) data[i] = load(core, from + i, 1);
      });
      world.wait(flash.program(offset >>> 0, data));
    },
    reset_to_usb_boot: () => world.leaveForBootLoader(),
  };
}
