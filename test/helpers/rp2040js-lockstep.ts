import { ConsoleLogger, LogLevel, RP2040 } from "rp2040js";
import type { Core } from "#adapter/chip/armv6m/core";
import { CONTROL, FLAG_C, INSTRUCTIONS, IPSR, PRIMASK } from "#adapter/chip/armv6m/core-state";

const RAM = 0x20000000;

/** One access of our core to anything but memory. */
interface Access {
  readonly address: number;
  readonly value: number;
  readonly isWrite: boolean;
}

/**
 * An rp2040js core that executes the same instructions as ours, one by one, and is compared with it after each.
 * It has its own copy of RAM. What ours reads from a peripheral it gets too, what it writes must be what ours wrote,
 * and it takes exceptions when ours does: only the instructions are compared, not time.
 */
export class Lockstep {
  readonly oracle = new RP2040();
  readonly ram: Uint8Array;
  private readonly ramWords: DataView;
  private readonly accesses: Access[] = [];
  private readonly entriesBefore: number[] = [];
  private readonly entriesDuring: number[] = [];
  private instructionsBefore = 0;
  private opcode = 0;

  constructor(
    private readonly core: Core,
    private readonly run: () => void,
  ) {
    const { oracle } = this;
    oracle.logger = new ConsoleLogger(LogLevel.Error, false);
    this.ram = core.ram.region.bytes.slice();
    this.ramWords = new DataView(this.ram.buffer);
    oracle.readUint32 = (address) => this.read(address >>> 0, 4);
    oracle.readUint16 = (address) => this.read(address >>> 0, 2);
    oracle.readUint8 = (address) => this.read(address >>> 0, 1);
    oracle.writeUint32 = (address, value) => this.write(address >>> 0, 4, value);
    oracle.writeUint16 = (address, value) => this.write(address >>> 0, 2, value);
    oracle.writeUint8 = (address, value) => this.write(address >>> 0, 1, value);
    core.hooks.onExceptionEntry = (exception) => {
      const isBefore = core.counters[INSTRUCTIONS] === this.instructionsBefore;
      (isBefore ? this.entriesBefore : this.entriesDuring).push(exception);
    };
    this.copyToOracle();
  }

  /** Notes an access that our core made to something that is not memory. */
  note(address: number, value: number, isWrite: boolean): void {
    this.accesses.push({ address: address >>> 0, value, isWrite });
  }

  /** Makes the oracle's registers and flags those of our core. */
  copyToOracle(): void {
    const { core } = this;
    const oracle = this.oracle.core;
    oracle.registers.set(core.registers);
    oracle.APSR = core.apsr();
    oracle.IPSR = core.special[IPSR]!;
    oracle.PM = core.special[PRIMASK] !== 0;
    oracle.VTOR = core.systemControl.vectorTable;
  }

  /** Executes one instruction on both. Returns false if there is none: the core sleeps, and nothing will wake it. */
  step(): boolean {
    const { core } = this;
    const oracle = this.oracle.core;
    this.instructionsBefore = core.instructions;
    this.accesses.length = 0;
    this.entriesBefore.length = 0;
    this.entriesDuring.length = 0;
    const carry = core.flags[FLAG_C]!;
    this.run();
    if (core.instructions === this.instructionsBefore) return false;
    oracle.VTOR = core.systemControl.vectorTable;
    for (const exception of this.entriesBefore) oracle.exceptionEntry(exception);
    const opcode = this.read((oracle.PC & ~1) >>> 0, 2);
    this.opcode = opcode;
    const isSupervisorCall = opcode >>> 8 === 0xdf;
    const before = {
      opcode,
      carry,
      first: oracle.registers[opcode & 7]!,
      second: oracle.registers[(opcode >> 3) & 7]!,
    };
    oracle.interruptsUpdated = false;
    oracle.executeInstruction();
    for (const exception of this.entriesDuring) {
      // Tail-chained: rp2040js unstacks and stacks again. Ours leaves R0 to R3, R12 and the flags as they are, which
      // the manual leaves open (B1.5.11).
      oracle.exceptionEntry(exception);
      if (!isSupervisorCall) {
        for (const register of [0, 1, 2, 3, 12]) oracle.registers[register] = core.registers[register]!;
        oracle.APSR = core.apsr();
      }
    }
    for (const fault of KNOWN_FAULTS) if (fault.applies(before)) fault.repair(this.oracle, core, before);
    return true;
  }

  /** What differs, in words, or undefined. */
  difference(): string | undefined {
    const { core } = this;
    const oracle = this.oracle.core;
    for (let i = 0; i < 15; i++) {
      if (core.registers[i] !== (oracle.registers[i]! | 0))
        return this.describe(`R${i}`, core.registers[i]!, oracle.registers[i]!);
    }
    if (core.registers[15] !== ((oracle.PC & ~1) | 0))
      return this.describe("PC", core.registers[15]!, oracle.PC);
    if (core.apsr() !== (oracle.APSR | 0)) return this.describe("APSR", core.apsr(), oracle.APSR);
    if (core.special[IPSR] !== oracle.IPSR) return this.describe("IPSR", core.special[IPSR]!, oracle.IPSR);
    if ((core.special[PRIMASK] !== 0) !== oracle.PM)
      return this.describe("PRIMASK", core.special[PRIMASK]!, Number(oracle.PM));
    if ((core.special[CONTROL]! & 2) >> 1 !== (oracle as unknown as { SPSEL: number }).SPSEL)
      return "CONTROL.SPSEL";
    if (this.accesses.length > 0) return `ours made ${this.accesses.length} accesses more`;
    return undefined;
  }

  private describe(what: string, ours: number, oracles: number): string {
    const hex = (value: number) => `0x${(value >>> 0).toString(16)}`;
    return `${what} is ${hex(ours)}, rp2040js has ${hex(oracles)}, after ${hex(this.opcode)}, instruction ${this.core.instructions}, PC ${hex(this.core.registers[15]!)}`;
  }

  private read(address: number, size: 1 | 2 | 4): number {
    if (address >= RAM && address < RAM + this.ram.length) {
      const offset = address - RAM;
      if (size === 4) return this.ramWords.getUint32(offset, true);
      return size === 2 ? this.ramWords.getUint16(offset, true) : this.ram[offset]!;
    }
    const { base, region } = this.core.flash;
    if (address >= base && address < base + region.size) {
      const offset = address - base;
      if (size === 4) return region.words[offset >>> 2]! >>> 0;
      return size === 2 ? region.halfwords[offset >>> 1]! : region.bytes[offset]!;
    }
    return this.nextAccess(address, false).value;
  }

  private write(address: number, size: 1 | 2 | 4, value: number): void {
    if (address >= RAM && address < RAM + this.ram.length) {
      const offset = address - RAM;
      if (size === 4) this.ramWords.setUint32(offset, value, true);
      else if (size === 2) this.ramWords.setUint16(offset, value, true);
      else this.ram[offset] = value;
      return;
    }
    const access = this.nextAccess(address, true);
    const mask = size === 4 ? -1 : size === 2 ? 0xffff : 0xff;
    if (((access.value ^ value) & mask) !== 0)
      throw new Error(this.describe(`the value for ${address.toString(16)}`, access.value, value));
  }

  private nextAccess(address: number, isWrite: boolean): Access {
    const access = this.accesses.shift();
    if (access?.address === address && access.isWrite === isWrite) return access;
    const ours = access === undefined ? "nothing" : `0x${access.address.toString(16)}`;
    throw new Error(`rp2040js accesses 0x${address.toString(16)}, ours ${ours}`);
  }
}

/** What an instruction starts from, for the question whether rp2040js gets it wrong. */
export interface BeforeInstruction {
  readonly opcode: number;
  readonly carry: number;
  /** The values of the registers in bits 0 to 2 and 3 to 5 of the opcode. */
  readonly first: number;
  readonly second: number;
}

/** Something that rp2040js 1.4.1 does otherwise than the manual says; test/chip/core-rp2040js.test.ts shows each. */
export interface KnownFault {
  readonly name: string;
  /** Where the manual says what is right. */
  readonly section: string;
  applies(before: BeforeInstruction): boolean;
  /** Gives the oracle what it got wrong, and nothing else. */
  repair(oracle: RP2040, core: Core, before: BeforeInstruction): void;
}

const DATA_PROCESSING_ADCS = 0x4140;
const DATA_PROCESSING_SBCS = 0x4180;
const DATA_PROCESSING_LSLS = 0x4080;
const DATA_PROCESSING_LSRS = 0x40c0;
const DATA_PROCESSING_ASRS = 0x4100;
const DATA_PROCESSING_RORS = 0x41c0;
const SEV = 0xbf40;

const isData = (opcode: number, kind: number) => (opcode & 0xffc0) === kind;

function repairCarry(oracle: RP2040, core: Core): void {
  oracle.core.C = (core.apsr() & (1 << 29)) !== 0;
}

export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    name: "ADCS and SBCS take the carry into an operand and lose overflow or carry there",
    section: "A6.7.1, A6.7.57, A2.2.1 AddWithCarry",
    applies: ({ opcode }) => isData(opcode, DATA_PROCESSING_ADCS) || isData(opcode, DATA_PROCESSING_SBCS),
    repair: (oracle, core) => {
      oracle.core.V = (core.apsr() & (1 << 28)) !== 0;
      repairCarry(oracle, core);
    },
  },
  {
    name: "LSRS, ASRS and RORS by a register that holds 0 change C",
    section: "A6.7.39, A6.7.9, A6.7.55, A2.2.1 Shift_C",
    applies: ({ opcode, second }) =>
      (isData(opcode, DATA_PROCESSING_LSRS) ||
        isData(opcode, DATA_PROCESSING_ASRS) ||
        isData(opcode, DATA_PROCESSING_RORS)) &&
      (second & 0xff) === 0,
    repair: repairCarry,
  },
  {
    name: "LSLS by more than 32 takes C from a bit of the operand",
    section: "A6.7.37, A2.2.1 LSL_C",
    applies: ({ opcode, second }) => isData(opcode, DATA_PROCESSING_LSLS) && (second & 0xff) > 32,
    repair: repairCarry,
  },
  {
    name: "STM does not write back a base register that is in its list",
    section: "A6.7.58",
    applies: ({ opcode }) => opcode >>> 11 === 0x18 && ((opcode >>> ((opcode >>> 8) & 7)) & 1) !== 0,
    repair: (oracle, core, { opcode }) => {
      oracle.core.registers[(opcode >>> 8) & 7] = core.registers[(opcode >>> 8) & 7]!;
    },
  },
  {
    name: "SEV does nothing",
    section: "B1.5.18",
    applies: ({ opcode }) => opcode === SEV,
    repair: (oracle) => {
      oracle.core.eventRegistered = true;
    },
  },
];
