import { ConsoleLogger, LogLevel, RP2040 } from "rp2040js";
import { describe, expect, test } from "vitest";
import { CoreFixture, CODE, FLASH, flagBits, flagLetters, RAM, type Program } from "../helpers/core-fixture";
import { firmwareFiles } from "../helpers/firmware";
import { Random } from "../helpers/random";
import { randomPiece, SCRATCH_WORDS } from "../helpers/random-thumb";
import { BorrowedBoard } from "../helpers/rp2040js-board";
import { KNOWN_FAULTS, Lockstep } from "../helpers/rp2040js-lockstep";
import { data, NOP, SEV, stm, WFE } from "../helpers/thumb";

/** Executed from the reset vector on, through init, spawning, sleeping and interrupts. */
const INSTRUCTIONS_PER_FIRMWARE = 150_000;
const RANDOM_PROGRAMS = 4_000;
const PIECES_PER_PROGRAM = 200;

describe("the core agrees with rp2040js after every instruction", () => {
  test.each(firmwareFiles())("of %s", (path) => {
    const board = new BorrowedBoard(path);
    const lockstep = new Lockstep(board.core, () => board.run(1));
    board.onAccess = (address, value, isWrite) => lockstep.note(address, value, isWrite);
    let difference: string | undefined;
    for (let i = 0; i < INSTRUCTIONS_PER_FIRMWARE && difference === undefined; i++) {
      // A firmware may end: it masks or forgets what could wake it.
      if (!lockstep.step()) break;
      difference = lockstep.difference();
    }
    expect(difference).toBeUndefined();
    expect(board.core.instructions).toBeGreaterThan(1_000);
    expect(Buffer.compare(board.ram.bytes, lockstep.ram)).toBe(0);
  });

  test(`of ${RANDOM_PROGRAMS} random programs`, () => {
    const random = new Random(2040);
    const fixture = new CoreFixture([]);
    const { core } = fixture;
    const lockstep = new Lockstep(core, () => core.run(Infinity, 1));
    let difference: string | undefined;
    for (let i = 0; i < RANDOM_PROGRAMS && difference === undefined; i++) {
      const program = Array.from({ length: PIECES_PER_PROGRAM }, () => randomPiece(random));
      const end = CODE + 2 * program.flat().length;
      startProgram(fixture, lockstep, program, random);
      while (core.registers[15]! < end && difference === undefined) {
        lockstep.step();
        difference = lockstep.difference();
      }
      if (Buffer.compare(fixture.ram.bytes, lockstep.ram) !== 0) difference ??= "RAM";
    }
    expect(difference).toBeUndefined();
    expect(core.instructions).toBeGreaterThan(1_000_000);
  });
});

function startProgram(fixture: CoreFixture, lockstep: Lockstep, program: Program, random: Random): void {
  const { core } = fixture;
  fixture.place(CODE, program);
  core.writeRegister(15, CODE);
  for (let register = 0; register < 13; register++) core.registers[register] = random.operand();
  core.registers[6] = 0;
  core.registers[7] = RAM;
  core.setFlags(random.word());
  for (let i = 0; i < SCRATCH_WORDS; i++) fixture.ram.words[i] = random.operand();
  lockstep.ram.set(fixture.ram.bytes);
  lockstep.copyToOracle();
}

describe("where they differ, the manual is on our side", () => {
  test("every exception from the comparison is shown here", () => {
    expect(KNOWN_FAULTS.map(({ name }) => name.split(" ")[0])).toEqual([
      "ADCS",
      "LSRS,",
      "LSLS",
      "STM",
      "SEV",
    ]);
  });

  test("ADCS: overflow is that of all three addends (A6.7.1, AddWithCarry)", () => {
    // 0x7fffffff + 0 + 1 leaves the signed range.
    expect(ours(data("adcs", 0, 1), [0x7fffffff, 0], "nzCv")).toEqual({ result: 0x80000000, flags: "NzcV" });
    expect(theirs(data("adcs", 0, 1), [0x7fffffff, 0], "nzCv").flags).not.toBe("NzcV");
  });

  test("SBCS: overflow is that of all three addends (A6.7.57, AddWithCarry)", () => {
    // -2^31 - 0 - 1 leaves the signed range; there is no borrow.
    const right = { result: 0x7fffffff, flags: "nzCV" };
    expect(ours(data("sbcs", 0, 1), [0x80000000, 0], "nzcv")).toEqual(right);
    // 0x7fffffff - 0x7fffffff - 1 is -1: in range, with a borrow.
    expect(ours(data("sbcs", 0, 1), [0x7fffffff, 0x7fffffff], "nzcv")).toEqual({
      result: 0xffffffff,
      flags: "Nzcv",
    });
    expect(theirs(data("sbcs", 0, 1), [0x7fffffff, 0x7fffffff], "nzcv").flags).not.toBe("Nzcv");
  });

  test.each(["lsrs", "asrs", "rors"] as const)(
    "%s by a register that holds 0 keeps C (A2.2.1, Shift_C)",
    (name) => {
      expect(ours(data(name, 0, 1), [0x40000000, 0], "nzCv")).toEqual({ result: 0x40000000, flags: "nzCv" });
      expect(theirs(data(name, 0, 1), [0x40000000, 0], "nzCv").flags).toBe("nzcv");
    },
  );

  test("LSLS by more than 32 clears C (A2.2.1, LSL_C)", () => {
    expect(ours(data("lsls", 0, 1), [0x80000000, 33], "nzCv")).toEqual({ result: 0, flags: "nZcv" });
    expect(theirs(data("lsls", 0, 1), [0x80000000, 33], "nzCv").flags).toBe("nZCv");
  });

  test("STM writes back its base even if it stores it (A6.7.58)", () => {
    const fixture = new CoreFixture([stm(0, 0, 1)]).set({ 0: RAM });
    fixture.step();
    expect(fixture.register(0)).toBe(RAM + 8);
    const board = boardWith([stm(0, 0, 1)]);
    board.core.registers[0] = RAM;
    board.core.executeInstruction();
    expect(board.core.registers[0]).toBe(RAM);
  });

  test("SEV sets the core's own event register, so that WFE does not sleep (B1.5.18)", () => {
    const fixture = new CoreFixture([SEV, WFE, NOP]);
    expect(fixture.step(3)).toBe("budget");
    const board = boardWith([SEV, WFE]);
    board.core.executeInstruction();
    board.core.executeInstruction();
    expect(board.core.waiting).toBe(true);
  });
});

function ours(opcode: number, [first, second]: readonly [number, number], flags: string) {
  const fixture = new CoreFixture([opcode]);
  fixture.set({ 0: first, 1: second }).setFlags(flags).step();
  return { result: fixture.register(0), flags: fixture.flags() };
}

function theirs(opcode: number, operands: readonly [number, number], flags: string) {
  const { core } = boardWith([opcode]);
  core.registers.set(operands);
  core.APSR = flagBits(flags);
  core.executeInstruction();
  return { result: core.registers[0]!, flags: flagLetters(core.APSR) };
}

function boardWith(program: readonly number[]): RP2040 {
  const board = new RP2040();
  board.logger = new ConsoleLogger(LogLevel.Error, false);
  board.flash16.set(program, (CODE - FLASH) >>> 1);
  board.core.PC = CODE;
  return board;
}
