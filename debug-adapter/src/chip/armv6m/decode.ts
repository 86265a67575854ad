/**
 * What a predecoded instruction does: its low byte. Dense, so that `execute` becomes one jump table; the literal
 * numbers in its `case`s are these (execute.test.ts compares them), because only literals are compiled to one.
 *
 * The other bits are operands. Where nothing else is said: A, bits 8 to 11, the destination; B, bits 12 to 15, the
 * first source; C, bits 16 to 19, the second source; or I, bits 16 to 31, an immediate value, scaled and signed.
 */
export const Op = {
  /** Zero, as fresh tables are: look at the bytes first. */
  NotDecoded: 0,

  // Data processing that sets flags (ARMv6-M ARM A5.2.1, A5.2.2).
  /** MOV (register) T2: the copy that sets N and Z. */
  MovsRegister: 1,
  LslsImmediate: 2,
  LsrsImmediate: 3,
  /** A shift by 32, which the encoding writes as 0. */
  Lsrs32: 4,
  AsrsImmediate: 5,
  Asrs32: 6,
  AddsRegister: 7,
  SubsRegister: 8,
  AddsImmediate: 9,
  SubsImmediate: 10,
  MovsImmediate: 11,
  CmpImmediate: 12,
  /** Two-operand forms: A is both destination and first source, B the second source. */
  Ands: 13,
  Eors: 14,
  LslsRegister: 15,
  LsrsRegister: 16,
  AsrsRegister: 17,
  Adcs: 18,
  Sbcs: 19,
  Rors: 20,
  Tst: 21,
  /** RSB (immediate) T1: A = 0 - B. */
  Rsbs: 22,
  CmpRegister: 23,
  Cmn: 24,
  Orrs: 25,
  Muls: 26,
  Bics: 27,
  Mvns: 28,

  // Moves and additions without flags (A5.2.3); A += B, A = B.
  AddRegister: 29,
  /** The destination is SP, whose low two bits stay 0 (B1.4.1). */
  AddToSp: 30,
  /** The destination is PC. */
  AddToPc: 31,
  /** The source is PC. */
  AddFromPc: 32,
  MovRegister: 33,
  MovToSp: 34,
  MovToPc: 35,
  MovFromPc: 36,
  /** A = B + I: ADD and SUB with SP. */
  AddImmediate: 37,
  /** A = Align(PC, 4) + I. */
  Adr: 38,
  Sxth: 39,
  Sxtb: 40,
  Uxth: 41,
  Uxtb: 42,
  Rev: 43,
  Rev16: 44,
  Revsh: 45,

  // Branches. I, or bits 8 to 31 for BL: halfwords from the entry behind the instruction.
  Beq: 46,
  Bne: 47,
  Bcs: 48,
  Bcc: 49,
  Bmi: 50,
  Bpl: 51,
  Bvs: 52,
  Bvc: 53,
  Bhi: 54,
  Bls: 55,
  Bge: 56,
  Blt: 57,
  Bgt: 58,
  Ble: 59,
  B: 60,
  Bl: 61,
  /** To the address in B. */
  Bx: 62,
  Blx: 63,

  // Loads and stores: A is transferred, the address is B + C or B + I.
  LdrRegister: 64,
  LdrhRegister: 65,
  LdrbRegister: 66,
  LdrshRegister: 67,
  LdrsbRegister: 68,
  StrRegister: 69,
  StrhRegister: 70,
  StrbRegister: 71,
  LdrImmediate: 72,
  LdrhImmediate: 73,
  LdrbImmediate: 74,
  StrImmediate: 75,
  StrhImmediate: 76,
  StrbImmediate: 77,
  /** I: words from Align(PC, 4). */
  LdrLiteral: 78,
  /** A: number of registers; bits 16 to 31: one bit per register, LR and PC at 14 and 15. */
  Push: 79,
  Pop: 80,
  PopPc: 81,
  /** B: base; A and bits 16 to 31 as above. */
  Ldm: 82,
  Stm: 83,

  // Special (B5.2, A6.7).
  Nop: 84,
  /** DMB, DSB and ISB: memory is always in order here, only their time counts. */
  Barrier: 85,
  /** CPSIE i and CPSID i: bit 8 is the new PRIMASK. */
  Cps: 86,
  /** MRS: B is unused, bits 16 to 23 are SYSm. */
  Mrs: 87,

  // Not in the fast switch.
  Msr: 88,
  Sev: 89,
  Wfe: 90,
  Wfi: 91,
  /** Bits 16 to 23 are the immediate. */
  Svc: 92,
  Bkpt: 93,
  /** UDF and everything that ARMv6-M does not define. */
  Undefined: 94,
  /** A branch out of the region. A: condition, 14 for always; I: as above. */
  BranchFar: 95,
  BlFar: 96,
  LdrLiteralFar: 97,
  /** A hooked instruction. */
  Hook: 98,
  /** The entry behind a region: go on in the next one, or fault. */
  Leave: 99,
} as const;

const PC = 15;
const SP = 13;

/** The condition field of an unconditional branch (A6.3). */
export const ALWAYS = 14;

/**
 * Predecodes one instruction (ARMv6-M ARM A5). Fields that the architecture calls UNPREDICTABLE decode to the nearest
 * defined instruction, or to Undefined where there is none.
 *
 * @param first  the halfword
 * @param second the halfword behind it, or undefined at the end of the region
 * @param index  where the instruction is, in halfwords from the start of its region
 * @param length halfwords in the region; what leads out of it becomes one of the `Far` operations
 */
export function decode(first: number, second: number | undefined, index: number, length: number): number {
  switch (first >>> 12) {
    case 0x0:
    case 0x1:
      return shiftAddSubtract(first);
    case 0x2:
    case 0x3:
      return immediateArithmetic(first);
    case 0x4:
      if ((first & 0x0800) !== 0) return loadLiteral(first, index, length);
      return (first & 0x0400) === 0 ? dataProcessing(first) : highRegister(first);
    case 0x5:
      return pack(REGISTER_TRANSFERS[(first >>> 9) & 7]!, first & 7, (first >>> 3) & 7, (first >>> 6) & 7);
    case 0x6:
      return immediateTransfer(first, Op.StrImmediate, Op.LdrImmediate, 4);
    case 0x7:
      return immediateTransfer(first, Op.StrbImmediate, Op.LdrbImmediate, 1);
    case 0x8:
      return immediateTransfer(first, Op.StrhImmediate, Op.LdrhImmediate, 2);
    case 0x9:
      return pack(
        (first & 0x0800) === 0 ? Op.StrImmediate : Op.LdrImmediate,
        (first >>> 8) & 7,
        SP,
        (first & 0xff) << 2,
      );
    case 0xa:
      return (first & 0x0800) === 0
        ? pack(Op.Adr, (first >>> 8) & 7, 0, (first & 0xff) << 2)
        : pack(Op.AddImmediate, (first >>> 8) & 7, SP, (first & 0xff) << 2);
    case 0xb:
      return miscellaneous(first);
    case 0xc:
      return multipleTransfer(first);
    case 0xd:
      return conditionalBranch(first, index, length);
    default:
      return branchOrWide(first, second, index, length);
  }
}

/** Whether an instruction that starts with this halfword has a second one (A5.1). */
export function isWide(first: number): boolean {
  return first >>> 11 >= 0x1d;
}

function pack(op: number, a: number, b: number, c: number): number {
  return op | (a << 8) | (b << 12) | (c << 16);
}

/** A5.2.1: shift (immediate), add, subtract. */
function shiftAddSubtract(first: number): number {
  const a = first & 7;
  const b = (first >>> 3) & 7;
  const shift = (first >>> 6) & 31;
  switch ((first >>> 11) & 3) {
    case 0:
      return pack(shift === 0 ? Op.MovsRegister : Op.LslsImmediate, a, b, shift);
    case 1:
      return pack(shift === 0 ? Op.Lsrs32 : Op.LsrsImmediate, a, b, shift);
    case 2:
      return pack(shift === 0 ? Op.Asrs32 : Op.AsrsImmediate, a, b, shift);
    default:
      return pack(ADD_SUBTRACT[(first >>> 9) & 3]!, a, b, (first >>> 6) & 7);
  }
}

const ADD_SUBTRACT = [Op.AddsRegister, Op.SubsRegister, Op.AddsImmediate, Op.SubsImmediate];

/** A5.2.1: MOVS, CMP, ADDS and SUBS with eight bits; the operand is in both register fields. */
function immediateArithmetic(first: number): number {
  const register = (first >>> 8) & 7;
  return pack(IMMEDIATE_ARITHMETIC[(first >>> 11) & 3]!, register, register, first & 0xff);
}

const IMMEDIATE_ARITHMETIC = [Op.MovsImmediate, Op.CmpImmediate, Op.AddsImmediate, Op.SubsImmediate];

/** A5.2.2. */
function dataProcessing(first: number): number {
  return pack(DATA_PROCESSING[(first >>> 6) & 15]!, first & 7, (first >>> 3) & 7, 0);
}

const DATA_PROCESSING = [
  Op.Ands,
  Op.Eors,
  Op.LslsRegister,
  Op.LsrsRegister,
  Op.AsrsRegister,
  Op.Adcs,
  Op.Sbcs,
  Op.Rors,
  Op.Tst,
  Op.Rsbs,
  Op.CmpRegister,
  Op.Cmn,
  Op.Orrs,
  Op.Muls,
  Op.Bics,
  Op.Mvns,
];

/** A5.2.3: instructions that reach all registers, and branch and exchange. */
function highRegister(first: number): number {
  const a = (first & 7) | ((first >>> 4) & 8);
  const b = (first >>> 3) & 15;
  switch ((first >>> 8) & 3) {
    case 0:
      if (a === PC) return pack(b === PC ? Op.Undefined : Op.AddToPc, a, b, 0);
      if (b === PC) return a === SP ? Op.Undefined : pack(Op.AddFromPc, a, 0, 0);
      return pack(a === SP ? Op.AddToSp : Op.AddRegister, a, b, 0);
    case 1:
      return a === PC || b === PC ? Op.Undefined : pack(Op.CmpRegister, a, b, 0);
    case 2:
      if (a === PC) return pack(b === PC ? Op.Undefined : Op.MovToPc, a, b, 0);
      if (b === PC) return a === SP ? Op.Undefined : pack(Op.MovFromPc, a, 0, 0);
      return pack(a === SP ? Op.MovToSp : Op.MovRegister, a, b, 0);
    default:
      if (b === PC) return Op.Undefined;
      return pack((first & 0x80) === 0 ? Op.Bx : Op.Blx, 0, b, 0);
  }
}

const REGISTER_TRANSFERS = [
  Op.StrRegister,
  Op.StrhRegister,
  Op.StrbRegister,
  Op.LdrsbRegister,
  Op.LdrRegister,
  Op.LdrhRegister,
  Op.LdrbRegister,
  Op.LdrshRegister,
];

function immediateTransfer(first: number, store: number, load: number, scale: number): number {
  const op = (first & 0x0800) === 0 ? store : load;
  return pack(op, first & 7, (first >>> 3) & 7, ((first >>> 6) & 31) * scale);
}

function loadLiteral(first: number, index: number, length: number): number {
  const words = first & 0xff;
  const isInside = 2 * (((index + 2) >>> 1) + words) + 1 < length;
  return pack(isInside ? Op.LdrLiteral : Op.LdrLiteralFar, (first >>> 8) & 7, 0, words);
}

/** A5.2.5. */
function miscellaneous(first: number): number {
  switch ((first >>> 8) & 15) {
    case 0x0: {
      const offset = (first & 0x7f) << 2;
      return pack(Op.AddImmediate, SP, SP, (first & 0x80) === 0 ? offset : -offset);
    }
    case 0x2:
      return pack(EXTENSIONS[(first >>> 6) & 3]!, first & 7, (first >>> 3) & 7, 0);
    case 0x4:
      return registerList(Op.Push, 0, first & 0xff);
    case 0x5:
      return registerList(Op.Push, 0, (first & 0xff) | 0x4000);
    case 0x6:
      // CPS: only the bit for PRIMASK exists, the rest is fixed (B5.2.1).
      return (first & 0xffef) === 0xb662 ? Op.Cps | (((first >>> 4) & 1) << 8) : Op.Undefined;
    case 0xa: {
      const kind = (first >>> 6) & 3;
      return kind === 2 ? Op.Undefined : pack(REVERSALS[kind]!, first & 7, (first >>> 3) & 7, 0);
    }
    case 0xc:
      return registerList(Op.Pop, 0, first & 0xff);
    case 0xd:
      return registerList(Op.PopPc, 0, (first & 0xff) | 0x8000);
    case 0xe:
      return pack(Op.Bkpt, 0, 0, first & 0xff);
    case 0xf:
      return hint(first);
    default:
      return Op.Undefined;
  }
}

const EXTENSIONS = [Op.Sxth, Op.Sxtb, Op.Uxth, Op.Uxtb];
const REVERSALS = [Op.Rev, Op.Rev16, Op.Undefined, Op.Revsh];

/** A5.2.5: hints. Those not allocated execute as NOP. */
function hint(first: number): number {
  if ((first & 15) !== 0) return Op.Undefined;
  switch ((first >>> 4) & 15) {
    case 2:
      return Op.Wfe;
    case 3:
      return Op.Wfi;
    case 4:
      return Op.Sev;
    default:
      return Op.Nop;
  }
}

function multipleTransfer(first: number): number {
  const op = (first & 0x0800) === 0 ? Op.Stm : Op.Ldm;
  return registerList(op, (first >>> 8) & 7, first & 0xff);
}

/** An empty list is UNPREDICTABLE. */
function registerList(op: number, base: number, list: number): number {
  if (list === 0) return Op.Undefined;
  let count = 0;
  for (let rest = list; rest !== 0; rest &= rest - 1) count++;
  return pack(op, count, base, list);
}

function conditionalBranch(first: number, index: number, length: number): number {
  const condition = (first >>> 8) & 15;
  if (condition === 14) return Op.Undefined;
  if (condition === 15) return pack(Op.Svc, 0, 0, first & 0xff);
  return branch(Op.Beq + condition, condition, ((first << 24) >> 24) + 1, index, length);
}

/** `distance` counts halfwords from the entry behind the (first halfword of the) branch. */
function branch(op: number, condition: number, distance: number, index: number, length: number): number {
  const target = index + 1 + distance;
  const isInside = target >= 0 && target < length;
  return pack(isInside ? op : Op.BranchFar, condition, 0, distance);
}

function branchOrWide(first: number, second: number | undefined, index: number, length: number): number {
  if (!isWide(first)) return branch(Op.B, ALWAYS, ((first << 21) >> 21) + 1, index, length);
  // 0xe800 to 0xefff are 32-bit encodings that ARMv6-M does not define; so is a second half that cannot be fetched.
  if (first >>> 11 !== 0x1e || second === undefined || (second & 0x8000) === 0) return Op.Undefined;
  if ((second & 0x5000) === 0x5000) return branchWithLink(first, second, index, length);
  return (second & 0x5000) === 0 ? wideControl(first, second) : Op.Undefined;
}

/** BL (A6.7.13): I1 and I2 are the inverted exclusive or of the sign with J1 and J2. */
function branchWithLink(first: number, second: number, index: number, length: number): number {
  const sign = (first >>> 10) & 1;
  const i1 = (((second >>> 13) & 1) ^ sign) === 0 ? 1 : 0;
  const i2 = (((second >>> 11) & 1) ^ sign) === 0 ? 1 : 0;
  const distance = (-sign << 23) | (i1 << 22) | (i2 << 21) | ((first & 0x3ff) << 11) | (second & 0x7ff);
  const target = index + 2 + distance;
  return (target >= 0 && target < length ? Op.Bl : Op.BlFar) | (distance << 8);
}

/** A5.3.1: MSR, MRS and the barriers. */
function wideControl(first: number, second: number): number {
  if ((first & 0xffe0) === 0xf380) return pack(Op.Msr, 0, first & 15, second & 0xff);
  if (first === 0xf3bf) {
    const kind = (second >>> 4) & 15;
    return kind >= 4 && kind <= 6 ? Op.Barrier : Op.Undefined;
  }
  if ((first & 0xffe0) === 0xf3e0) return pack(Op.Mrs, (second >>> 8) & 15, 0, second & 0xff);
  return Op.Undefined;
}
