import type { MemoryView } from "../../target/target";

/** Code as it lies in memory. */
export type CodeView = Pick<MemoryView, "readUint">;

/** An instruction, as far as it decides what is executed next. */
export interface FlowStep {
  readonly address: number;
  /** What may be executed next, of a call what follows it; empty where the function is left, or where that is unknown. */
  readonly next: readonly number[];
  /** For a call: where to, or `indirect` if a register says it. */
  readonly call: number | "indirect" | undefined;
  /** Whether it ends the program: UDF, which the compiler puts where nothing can come. */
  readonly isTrap: boolean;
  /** Whether it writes to memory. */
  readonly isStore: boolean;
}

/** Instructions before a jump through a table that are searched for the table's address. */
const LONGEST_TABLE_ACCESS = 5;

/** More entries than any `match` has. */
const MOST_TABLE_ENTRIES = 256;

/**
 * Decodes where execution goes from an instruction (ARMv6-M ARM A5.2, A6.7). Undefined if it cannot be read.
 * A jump through a table goes to all of its entries; where the table's end is not known, to more than there are.
 */
export function flowStepAt(address: number, code: CodeView): FlowStep | undefined {
  const first = code.readUint(address, 2);
  if (first === undefined) return undefined;
  if (first >>> 11 >= 0b11101) return wideStep(address, first, code);
  const step = (next: readonly number[], call?: "indirect"): FlowStep => ({
    address,
    next,
    call,
    isTrap: (first & 0xff00) === 0xde00,
    isStore: isNarrowStore(first),
  });
  const following = address + 2;
  // B<c>: conditions 14 and 15 are UDF and SVC.
  if ((first & 0xf000) === 0xd000 && (first & 0x0f00) < 0x0e00) {
    return step([following, address + 4 + 2 * signed(first & 0xff, 8)]);
  }
  if ((first & 0xf800) === 0xe000) return step([address + 4 + 2 * signed(first & 0x7ff, 11)]);
  if ((first & 0xff87) === 0x4780) return step([following], "indirect");
  // MOV PC, LR returns; MOV PC, Rm; ADD PC, Rm
  if (first === 0x46f7) return step([]);
  if ((first & 0xff87) === 0x4687) return step(wordTable(address, code));
  if ((first & 0xff87) === 0x4487) return step(offsetTable(address, code));
  // BX Rm; POP {..., PC}; UDF
  const isEnd = (first & 0xff87) === 0x4700 || (first & 0xff00) === 0xbd00 || (first & 0xff00) === 0xde00;
  return step(isEnd ? [] : [following]);
}

/** BL, barriers, MRS and MSR. */
function wideStep(address: number, first: number, code: CodeView): FlowStep | undefined {
  const second = code.readUint(address + 2, 2);
  if (second === undefined) return undefined;
  const isCall = (first & 0xf800) === 0xf000 && (second & 0xd000) === 0xd000;
  const call = isCall ? callTarget(address, first, second) : undefined;
  return { address, next: [address + 4], call, isTrap: false, isStore: false };
}

/** The immediate of BL, encoding T1 (ARMv6-M ARM A6.7.13): S:I1:I2:imm10:imm11:0. */
function callTarget(address: number, first: number, second: number): number {
  const sign = (first >>> 10) & 1;
  const i1 = 1 ^ ((second >>> 13) & 1) ^ sign;
  const i2 = 1 ^ ((second >>> 11) & 1) ^ sign;
  const offset = (sign << 24) | (i1 << 23) | (i2 << 22) | ((first & 0x3ff) << 12) | ((second & 0x7ff) << 1);
  return (address + 4 + signed(offset, 25)) >>> 0;
}

function signed(value: number, bits: number): number {
  return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
}

/** STR, STRB, STRH, STM and PUSH in all their encodings of 16 bits. */
function isNarrowStore(instruction: number): boolean {
  const major = instruction & 0xf800;
  const isByRegister = (instruction & 0xfe00) >= 0x5000 && (instruction & 0xfe00) <= 0x5400;
  return (
    (isByRegister && (instruction & 0xf000) === 0x5000) ||
    [0x6000, 0x7000, 0x8000, 0x9000, 0xc000].includes(major) ||
    (instruction & 0xfe00) === 0xb400
  );
}

/**
 * The targets of `ADR table; LDR Rn, [table, index]; MOV PC, Rn`: words, absolute. The table ends where the code that
 * it leads to begins.
 */
function wordTable(jump: number, code: CodeView): number[] {
  for (let at = jump - 2; at >= jump - 2 * LONGEST_TABLE_ACCESS; at -= 2) {
    const instruction = code.readUint(at, 2);
    // ADR Rd, #imm8 is relative to the word-aligned program counter.
    if (instruction === undefined || (instruction & 0xf800) !== 0xa000) continue;
    const table = ((at + 4) & ~3) + 4 * (instruction & 0xff);
    return tableTargets(table, 4, (entry) => (entry & ~1) >>> 0, code);
  }
  return [];
}

/**
 * The targets of `ADD Rn, PC; LDRB Rn, [Rn, #4]; LSLS Rn, #1; ADD PC, Rn`: bytes or halfwords, in halfwords from the
 * program counter at the jump, behind which the table stands.
 */
function offsetTable(jump: number, code: CodeView): number[] {
  for (let at = jump - 2; at >= jump - 2 * LONGEST_TABLE_ACCESS; at -= 2) {
    const major = (code.readUint(at, 2) ?? 0) & 0xf800;
    const size = major === 0x7800 ? 1 : major === 0x8800 ? 2 : undefined;
    if (size !== undefined) return tableTargets(jump + 2, size, (entry) => jump + 4 + 2 * entry, code);
  }
  return [];
}

function tableTargets(
  table: number,
  size: 1 | 2 | 4,
  targetOf: (entry: number) => number,
  code: CodeView,
): number[] {
  const targets = new Set<number>();
  let end = table + size * MOST_TABLE_ENTRIES;
  for (let at = table; at + size <= end; at += size) {
    const entry = code.readUint(at, size);
    if (entry === undefined) break;
    const target = targetOf(entry);
    if (target > at) end = Math.min(end, target);
    targets.add(target);
  }
  return [...targets];
}
