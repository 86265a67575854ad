import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Core } from "#adapter/chip/armv6m/core";
import { MemoryRegion } from "#adapter/chip/armv6m/memory-region";
import { FakeBus, FakeClock, FakeIoPort } from "./core-fixture";
import type { Random } from "./random";
import { randomPiece, SCRATCH_WORDS } from "./random-thumb";
import * as thumb from "./thumb";

// A flat image for the micro:bit, QEMU's only machine with an ARMv6-M core: flash at 0, 16 KB of RAM. It leaves its
// results in a file by semihosting; our core runs the very same image, and the two files are compared.
//
// RAM:  handle and arguments of semihosting calls | record (flags, R0 to R12, SP, spare) | scratch memory | ... stack

const FLASH_SIZE = 0x40000;
const RAM = 0x20000000;
const RAM_SIZE = 0x4000;
const ARGUMENTS = RAM;
const RECORD = RAM + 0x20;
const RECORD_WORDS = 16;
const SCRATCH = RECORD + 4 * RECORD_WORDS;
export const RECORD_BYTES = 4 * (RECORD_WORDS + SCRATCH_WORDS);

const OUTPUT = "records.bin";
const SEMIHOSTING = thumb.bkpt(0xab);
const SYS_OPEN = 1;
const SYS_WRITE = 5;
const SYS_EXIT = 0x18;
const OPEN_FOR_WRITING_BYTES = 5;
const APPLICATION_EXIT = 0x20026;

/** Puts code and words one behind the other. */
class Image {
  readonly halfwords = new Uint16Array(FLASH_SIZE / 2);
  /** In bytes. */
  at = 0;

  code(...program: (number | readonly number[])[]): void {
    for (const halfword of program.flat()) {
      this.halfwords[this.at / 2] = halfword;
      this.at += 2;
    }
  }

  word(value: number): void {
    this.code(value & 0xffff, value >>> 16);
  }

  /** Literals and ADR need word boundaries. */
  align(): void {
    if (this.at % 4 !== 0) this.code(thumb.NOP);
  }
}

/** How many exceptions an image of `exceptionImage` takes. */
export const EXCEPTIONS_PER_IMAGE = 400;

/**
 * An image that takes exceptions of random kinds from random states: either stack, aligned or not, any flags. Each
 * handler records its exception number, EXC_RETURN, where its frame is, the frame, and both stack pointers; that of
 * HardFault then moves the return address behind the instruction.
 */
export function exceptionImage(random: Random): Uint16Array {
  const image = new Image();
  image.at = 4 * 16;
  const { name, scratch } = writeData(image, random);
  const handler = image.at;
  writeExceptionHandler(image);
  for (const exception of [HARD_FAULT, SVCALL, PENDSV]) setVector(image, exception, handler);
  image.align();
  image.halfwords.set([(RAM + RAM_SIZE) & 0xffff, (RAM + RAM_SIZE) >>> 16]);
  setVector(image, 1, image.at);
  writeStart(image, name, scratch);
  loadConstant(image, 0, RAM + RAM_SIZE - 0x800);
  image.code(thumb.msr("psp", 0));
  for (let i = 0; i < EXCEPTIONS_PER_IMAGE; i++) writeException(image, random);
  writeExit(image);
  return image.halfwords;
}

const HARD_FAULT = 3;
const SVCALL = 11;
const PENDSV = 14;
const ICSR = 0xe000ed04;
const PENDSVSET = 1 << 28;

/** Sets an entry of the vector table to an address with the Thumb bit. */
function setVector(image: Image, exception: number, address: number): void {
  image.halfwords[2 * exception] = (address | 1) & 0xffff;
  image.halfwords[2 * exception + 1] = address >>> 16;
}

function writeExceptionHandler(image: Image): void {
  image.code(thumb.push(4, 5, 6, 7, 14), thumb.mrs(4, "ipsr"), thumb.mov(5, 14));
  // The frame is above what has just been pushed, or on the process stack (EXC_RETURN bit 2).
  image.code(thumb.mov(6, 13), thumb.addsImmediate(6, 20), thumb.movs(7, 4), thumb.data("tst", 7, 5));
  image.code(thumb.bcond("eq", 6), thumb.mrs(6, "psp"));
  loadConstant(image, 7, RECORD);
  image.code(thumb.stm(7, 4, 5, 6));
  for (let i = 0; i < 2; i++) image.code(thumb.ldm(6, 0, 1, 2, 3), thumb.stm(7, 0, 1, 2, 3));
  image.code(thumb.mrs(0, "psp"), thumb.mov(1, 13), thumb.stm(7, 0, 1));
  const patch = [
    thumb.subsImmediate(6, 32),
    ...[thumb.ldr(0, 6, 24), thumb.addsImmediate(0, 2), thumb.str(0, 6, 24)],
    // EPSR.T, which a jump to an even address has cleared.
    ...[thumb.movs(1, 1), thumb.lsls(1, 1, 24)],
    ...[thumb.ldr(0, 6, 28), thumb.data("orrs", 0, 1), thumb.str(0, 6, 28)],
  ];
  image.code(thumb.cmpImmediate(4, HARD_FAULT), thumb.bcond("ne", 2 + 2 * patch.length), ...patch);
  image.code(thumb.movs(0, SYS_WRITE));
  loadConstant(image, 1, ARGUMENTS);
  image.code(SEMIHOSTING, thumb.pop(4, 5, 6, 7, 15));
}

/**
 * A random state of the thread, and one instruction that leads to an exception. PendSV is unmasked by CPSIE: how long
 * after the store it would come without is left open (B1.5.11). CBZ is not among the undefined instructions, because
 * QEMU executes it on a Cortex-M0 too.
 */
function writeException(image: Image, random: Random): void {
  image.code(thumb.movs(4, 2 * random.below(2)), thumb.msr("control", 4), thumb.ISB);
  for (const register of [0, 1, 2, 3]) loadConstant(image, register, random.word());
  image.code(thumb.mov(12, 2));
  loadConstant(image, 4, (random.word() & 0xf0000000) >>> 0);
  const isMoved = random.below(2) === 0;
  if (isMoved) image.code(thumb.decrementSp(4));
  const cause = random.below(5);
  loadConstant(image, 5, cause === 3 ? ICSR : SCRATCH + 1);
  loadConstant(image, 6, PENDSVSET);
  image.code(thumb.msr("apsr", 4));
  if (cause === 0) image.code(thumb.svc(random.below(256)));
  else if (cause === 1) image.code(random.pick([thumb.udf(1), 0xba80]));
  else if (cause === 2) image.code(random.pick([thumb.ldr(0, 5), thumb.strh(0, 5), thumb.ldm(5, 1, 2)]));
  else if (cause === 3) image.code(thumb.CPSID, thumb.str(6, 5), thumb.CPSIE);
  else writeEvenJump(image);
  if (isMoved) image.code(thumb.incrementSp(4));
}

/** The fault is that of the instruction jumped to; the handler returns behind it. */
function writeEvenJump(image: Image): void {
  image.align();
  image.code(thumb.adr(0, 0), thumb.bx(0), thumb.NOP, thumb.NOP);
}

/** An image that executes random programs until its flash is full, and records the state after each. */
export function randomImage(random: Random, piecesPerProgram: number): Uint16Array {
  const image = new Image();
  image.word(RAM + RAM_SIZE);
  image.word(0); // The reset vector, set below.
  const { name, scratch } = writeData(image, random);
  const record = image.at;
  writeRecorder(image);
  image.align();
  image.halfwords[2] = image.at | 1;
  writeStart(image, name, scratch);
  const largestProgram = 14 * piecesPerProgram + 200;
  while (image.at + largestProgram < FLASH_SIZE) writeProgram(image, random, piecesPerProgram, record);
  writeExit(image);
  return image.halfwords;
}

/** The name of the output file and what the scratch memory begins with. */
function writeData(image: Image, random: Random): { readonly name: number; readonly scratch: number } {
  const name = image.at;
  for (let i = 0; i < 12; i += 4) {
    image.word([0, 1, 2, 3].reduce((word, k) => word | ((OUTPUT.charCodeAt(i + k) || 0) << (8 * k)), 0));
  }
  const scratch = image.at;
  for (let i = 0; i < SCRATCH_WORDS; i++) image.word(random.operand());
  return { name, scratch };
}

function writeExit(image: Image): void {
  loadConstant(image, 0, SYS_EXIT);
  loadConstant(image, 1, APPLICATION_EXIT);
  image.code(SEMIHOSTING, thumb.b(0));
}

/** Any constant, at any place: LDR, a jump over the literal, the literal. */
function loadConstant(image: Image, register: number, value: number): void {
  image.align();
  image.code(thumb.ldrLiteral(register, 0), thumb.b(6));
  image.word(value);
}

/** Opens the output file, keeps its handle, fills the scratch memory. */
function writeStart(image: Image, name: number, scratch: number): void {
  loadConstant(image, 1, ARGUMENTS);
  loadConstant(image, 2, name);
  image.code(thumb.movs(3, OPEN_FOR_WRITING_BYTES), thumb.movs(4, OUTPUT.length));
  image.code(thumb.str(2, 1, 0), thumb.str(3, 1, 4), thumb.str(4, 1, 8));
  image.code(thumb.movs(0, SYS_OPEN), SEMIHOSTING, thumb.str(0, 1, 0));
  loadConstant(image, 2, RECORD);
  loadConstant(image, 3, RECORD_BYTES);
  image.code(thumb.str(2, 1, 4), thumb.str(3, 1, 8));
  loadConstant(image, 0, scratch);
  loadConstant(image, 1, SCRATCH);
  for (let i = 0; i < SCRATCH_WORDS; i += 4) image.code(thumb.ldm(0, 2, 3, 4, 5), thumb.stm(1, 2, 3, 4, 5));
}

/** Stores flags and registers in the record and writes it, with the scratch memory, to the file; called by BL. */
function writeRecorder(image: Image): void {
  image.code(thumb.push(0, 1, 2, 3, 4, 5, 6, 7), thumb.mrs(0, "apsr"));
  loadConstant(image, 1, RECORD);
  image.code(thumb.stm(1, 0));
  image.code(
    thumb.pop(2, 3, 4, 5),
    thumb.stm(1, 2, 3, 4, 5),
    thumb.pop(2, 3, 4, 5),
    thumb.stm(1, 2, 3, 4, 5),
  );
  image.code(thumb.mov(2, 8), thumb.mov(3, 9), thumb.mov(4, 10), thumb.mov(5, 11), thumb.stm(1, 2, 3, 4, 5));
  image.code(thumb.mov(2, 12), thumb.mov(3, 13), thumb.stm(1, 2, 3));
  image.code(thumb.movs(0, SYS_WRITE));
  loadConstant(image, 1, ARGUMENTS);
  image.code(SEMIHOSTING, thumb.bx(14));
}

/** Registers and flags from a table, a random program, a record. */
function writeProgram(image: Image, random: Random, pieces: number, record: number): void {
  image.align();
  const tableWords = 14;
  image.code(thumb.adr(0, 0), thumb.b(2 + 4 * tableWords));
  for (let i = 0; i < 5; i++) image.word(random.operand()); // R8 to R12
  image.word((random.word() & 0xf0000000) >>> 0); // flags
  for (let i = 0; i < 6; i++) image.word(random.operand()); // R0 to R5
  image.word(0); // R6, the index
  image.word(SCRATCH); // R7
  image.code(thumb.ldm(0, 1, 2, 3, 4, 5));
  for (let i = 0; i < 5; i++) image.code(thumb.mov(8 + i, 1 + i));
  image.code(thumb.ldm(0, 1), thumb.msr("apsr", 1), thumb.ldm(0, 0, 1, 2, 3, 4, 5, 6, 7));
  for (let i = 0; i < pieces; i++) image.code(...randomPiece(random));
  image.code(thumb.bl(record - image.at));
}

/** What the image writes when QEMU's Cortex-M0 runs it. */
export function runOnQemu(qemu: string, image: Uint16Array): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "pollscope-qemu-"));
  try {
    const path = join(folder, "image.bin");
    writeFileSync(path, new Uint8Array(image.buffer));
    const machine = ["-M", "microbit", "-nodefaults", "-display", "none", "-monitor", "none"];
    execFileSync(qemu, [...machine, "-semihosting-config", "enable=on,target=native", "-kernel", path], {
      cwd: folder,
      timeout: 60_000,
    });
    return new Uint8Array(readFileSync(join(folder, OUTPUT)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the image writes when our core runs it, and how many instructions that took. */
export function runOnCore(image: Uint16Array): {
  readonly output: Uint8Array;
  readonly instructions: number;
} {
  const ram = new MemoryRegion(new Uint8Array(RAM_SIZE), true);
  const core = new Core({
    flash: { base: 0, region: new MemoryRegion(new Uint8Array(image.buffer), false) },
    ram: { base: RAM, region: ram },
    bus: new FakeBus(),
    io: new FakeIoPort(),
    clock: new FakeClock(),
  });
  core.reset(0);
  const records: Uint8Array[] = [];
  for (;;) {
    const stop = core.run(Infinity, 100_000_000);
    if (stop !== "breakpoint-instruction") throw new Error(`our core stops with ${stop}`);
    const operation = core.registers[0];
    if (operation === SYS_EXIT) break;
    if (operation === SYS_WRITE) records.push(ram.bytes.slice(RECORD - RAM, RECORD - RAM + RECORD_BYTES));
    // All calls that are made succeed; SYS_OPEN returns a handle.
    core.registers[0] = operation === SYS_OPEN ? 1 : 0;
    core.writeRegister(15, core.registers[15]! + 2);
  }
  return { output: new Uint8Array(Buffer.concat(records)), instructions: core.instructions };
}

/** The first difference of two outputs in words, or undefined. */
export function recordDifference(ours: Uint8Array, theirs: Uint8Array): string | undefined {
  if (ours.length !== theirs.length) return `ours wrote ${ours.length} bytes, QEMU ${theirs.length}`;
  const at = ours.findIndex((byte, i) => byte !== theirs[i]);
  if (at < 0) return undefined;
  const place = Math.floor((at % RECORD_BYTES) / 4);
  const names = ["flags", ...Array.from({ length: 13 }, (_, i) => `R${i}`), "SP", "spare"];
  const name = names[place] ?? `scratch word ${place - RECORD_WORDS}`;
  const value = (bytes: Uint8Array) =>
    `0x${new DataView(bytes.buffer).getUint32(at & ~3, true).toString(16)}`;
  return `program ${Math.floor(at / RECORD_BYTES)}: ${name} is ${value(ours)}, QEMU has ${value(theirs)}`;
}
