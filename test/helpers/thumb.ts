// ARMv6-M instructions by their mnemonics (ARMv6-M ARM A6.7). Branch distances count bytes from the instruction itself.

const low = (register: number): number => register & 7;

/** MOVS Rd, #imm8 */
export const movs = (d: number, imm: number) => 0x2000 | (low(d) << 8) | imm;
export const cmpImmediate = (n: number, imm: number) => 0x2800 | (low(n) << 8) | imm;
export const addsImmediate = (dn: number, imm: number) => 0x3000 | (low(dn) << 8) | imm;
export const subsImmediate = (dn: number, imm: number) => 0x3800 | (low(dn) << 8) | imm;

export const lsls = (d: number, m: number, shift: number) => (shift << 6) | (m << 3) | d;
/** A shift of 32 is encoded as 0. */
export const lsrs = (d: number, m: number, shift: number) => 0x0800 | ((shift & 31) << 6) | (m << 3) | d;
export const asrs = (d: number, m: number, shift: number) => 0x1000 | ((shift & 31) << 6) | (m << 3) | d;
export const adds = (d: number, n: number, m: number) => 0x1800 | (m << 6) | (n << 3) | d;
export const subs = (d: number, n: number, m: number) => 0x1a00 | (m << 6) | (n << 3) | d;
export const adds3 = (d: number, n: number, imm: number) => 0x1c00 | (imm << 6) | (n << 3) | d;
export const subs3 = (d: number, n: number, imm: number) => 0x1e00 | (imm << 6) | (n << 3) | d;

/** The sixteen two-operand instructions of A5.2.2, in the order of their encodings. */
export const DATA_PROCESSING = [
  "ands",
  "eors",
  "lsls",
  "lsrs",
  "asrs",
  "adcs",
  "sbcs",
  "rors",
  "tst",
  "rsbs",
  "cmp",
  "cmn",
  "orrs",
  "muls",
  "bics",
  "mvns",
] as const;

export type DataProcessing = (typeof DATA_PROCESSING)[number];

export const data = (name: DataProcessing, dn: number, m: number) =>
  0x4000 | (DATA_PROCESSING.indexOf(name) << 6) | (m << 3) | dn;

const high = (opcode: number, d: number, m: number) => opcode | ((d & 8) << 4) | (m << 3) | low(d);
export const addHigh = (dn: number, m: number) => high(0x4400, dn, m);
export const cmpHigh = (n: number, m: number) => high(0x4500, n, m);
export const mov = (d: number, m: number) => high(0x4600, d, m);
export const bx = (m: number) => 0x4700 | (m << 3);
export const blx = (m: number) => 0x4780 | (m << 3);

/** `words` from the aligned PC. */
export const ldrLiteral = (t: number, words: number) => 0x4800 | (t << 8) | words;
export const strRegister = (t: number, n: number, m: number) => 0x5000 | (m << 6) | (n << 3) | t;
export const strhRegister = (t: number, n: number, m: number) => 0x5200 | (m << 6) | (n << 3) | t;
export const strbRegister = (t: number, n: number, m: number) => 0x5400 | (m << 6) | (n << 3) | t;
export const ldrsbRegister = (t: number, n: number, m: number) => 0x5600 | (m << 6) | (n << 3) | t;
export const ldrRegister = (t: number, n: number, m: number) => 0x5800 | (m << 6) | (n << 3) | t;
export const ldrhRegister = (t: number, n: number, m: number) => 0x5a00 | (m << 6) | (n << 3) | t;
export const ldrbRegister = (t: number, n: number, m: number) => 0x5c00 | (m << 6) | (n << 3) | t;
export const ldrshRegister = (t: number, n: number, m: number) => 0x5e00 | (m << 6) | (n << 3) | t;
/** Offsets in bytes. */
export const str = (t: number, n: number, offset = 0) => 0x6000 | ((offset >> 2) << 6) | (n << 3) | t;
export const ldr = (t: number, n: number, offset = 0) => 0x6800 | ((offset >> 2) << 6) | (n << 3) | t;
export const strb = (t: number, n: number, offset = 0) => 0x7000 | (offset << 6) | (n << 3) | t;
export const ldrb = (t: number, n: number, offset = 0) => 0x7800 | (offset << 6) | (n << 3) | t;
export const strh = (t: number, n: number, offset = 0) => 0x8000 | ((offset >> 1) << 6) | (n << 3) | t;
export const ldrh = (t: number, n: number, offset = 0) => 0x8800 | ((offset >> 1) << 6) | (n << 3) | t;
export const strSp = (t: number, offset: number) => 0x9000 | (t << 8) | (offset >> 2);
export const ldrSp = (t: number, offset: number) => 0x9800 | (t << 8) | (offset >> 2);
export const adr = (d: number, offset: number) => 0xa000 | (d << 8) | (offset >> 2);
export const addSp = (d: number, offset: number) => 0xa800 | (d << 8) | (offset >> 2);
export const incrementSp = (bytes: number) => 0xb000 | (bytes >> 2);
export const decrementSp = (bytes: number) => 0xb080 | (bytes >> 2);

export const sxth = (d: number, m: number) => 0xb200 | (m << 3) | d;
export const sxtb = (d: number, m: number) => 0xb240 | (m << 3) | d;
export const uxth = (d: number, m: number) => 0xb280 | (m << 3) | d;
export const uxtb = (d: number, m: number) => 0xb2c0 | (m << 3) | d;
export const rev = (d: number, m: number) => 0xba00 | (m << 3) | d;
export const rev16 = (d: number, m: number) => 0xba40 | (m << 3) | d;
export const revsh = (d: number, m: number) => 0xbac0 | (m << 3) | d;

const listBits = (registers: readonly number[]) => registers.reduce((bits, each) => bits | (1 << each), 0);
/** Registers 0 to 7 and 14. */
export const push = (...registers: number[]) => {
  const bits = listBits(registers);
  return 0xb400 | (bits & 0xff) | ((bits >> 6) & 0x100);
};
/** Registers 0 to 7 and 15. */
export const pop = (...registers: number[]) => {
  const bits = listBits(registers);
  return 0xbc00 | (bits & 0xff) | ((bits >> 7) & 0x100);
};
export const stm = (n: number, ...registers: number[]) => 0xc000 | (n << 8) | listBits(registers);
export const ldm = (n: number, ...registers: number[]) => 0xc800 | (n << 8) | listBits(registers);

export const CONDITIONS = [
  "eq",
  "ne",
  "cs",
  "cc",
  "mi",
  "pl",
  "vs",
  "vc",
  "hi",
  "ls",
  "ge",
  "lt",
  "gt",
  "le",
] as const;

export type Condition = (typeof CONDITIONS)[number];

export const bcond = (condition: Condition, distance: number) =>
  0xd000 | (CONDITIONS.indexOf(condition) << 8) | (((distance - 4) >> 1) & 0xff);
export const b = (distance: number) => 0xe000 | (((distance - 4) >> 1) & 0x7ff);
export const bl = (distance: number): [number, number] => {
  const halfwords = (distance - 4) >> 1;
  const sign = (halfwords >> 23) & 1;
  const j1 = ((halfwords >> 22) & 1) ^ sign ^ 1;
  const j2 = ((halfwords >> 21) & 1) ^ sign ^ 1;
  return [
    0xf000 | (sign << 10) | ((halfwords >> 11) & 0x3ff),
    0xd000 | (j1 << 13) | (j2 << 11) | (halfwords & 0x7ff),
  ];
};
export const svc = (imm: number) => 0xdf00 | imm;
export const udf = (imm: number) => 0xde00 | imm;
export const bkpt = (imm: number) => 0xbe00 | imm;

export const NOP = 0xbf00;
export const YIELD = 0xbf10;
export const WFE = 0xbf20;
export const WFI = 0xbf30;
export const SEV = 0xbf40;
export const CPSIE = 0xb662;
export const CPSID = 0xb672;
export const DSB: [number, number] = [0xf3bf, 0x8f4f];
export const DMB: [number, number] = [0xf3bf, 0x8f5f];
export const ISB: [number, number] = [0xf3bf, 0x8f6f];
export const UDF_WIDE: [number, number] = [0xf7f0, 0xa000];

/** SYSm of B5.2.2. */
export const SYSM = { apsr: 0, ipsr: 5, msp: 8, psp: 9, primask: 16, control: 20 } as const;
export const mrs = (d: number, sysm: keyof typeof SYSM): [number, number] => [
  0xf3ef,
  0x8000 | (d << 8) | SYSM[sysm],
];
export const msr = (sysm: keyof typeof SYSM, n: number): [number, number] => [
  0xf380 | n,
  0x8800 | SYSM[sysm],
];
