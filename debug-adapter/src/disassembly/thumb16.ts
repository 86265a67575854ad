import { type Address, address as toAddress } from "../base/brand";
import { hexAddress } from "../base/hex-address";
import type { Decoded, Reference } from "./instruction";
import { lowRegister, offsetFrom, register, registerList, signed } from "./operands";

/** Encodings by their first bits (ARMv6-M ARM A5.2): `encoding & mask === bits`; the first that fits counts. */
interface Format {
  readonly mask: number;
  readonly bits: number;
  /** Undefined where the encoding is no instruction. */
  readonly decode: (encoding: number, address: Address) => Decoded | undefined;
}

/** What a 16-bit Thumb instruction of ARMv6-M says; undefined if it is none. */
export function decodeThumb16(encoding: number, address: Address): Decoded | undefined {
  return FORMATS.find(({ mask, bits }) => (encoding & mask) === bits)?.decode(encoding, address);
}

const DATA_PROCESSING = [
  ...["ands", "eors", "lsls", "lsrs", "asrs", "adcs", "sbcs", "rors"],
  ...["tst", "rsbs", "cmp", "cmn", "orrs", "muls", "bics", "mvns"],
];
const REGISTER_OFFSET = ["str", "strh", "strb", "ldrsb", "ldr", "ldrh", "ldrb", "ldrsh"];
const EXTENDS = ["sxth", "sxtb", "uxth", "uxtb"];
const REVERSALS = ["rev", "rev16", undefined, "revsh"];
const HINTS = ["nop", "yield", "wfe", "wfi", "sev"];
const CONDITIONS = ["eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le"];

const FORMATS: readonly Format[] = [
  // Shift, add, subtract, move and compare (A5.2.1).
  { mask: 0xffc0, bits: 0x0000, decode: (e) => two("movs", e) },
  { mask: 0xf800, bits: 0x0000, decode: (e) => shift("lsls", e, imm5(e)) },
  { mask: 0xf800, bits: 0x0800, decode: (e) => shift("lsrs", e, imm5(e) === 0 ? 32 : imm5(e)) },
  { mask: 0xf800, bits: 0x1000, decode: (e) => shift("asrs", e, imm5(e) === 0 ? 32 : imm5(e)) },
  { mask: 0xfe00, bits: 0x1800, decode: (e) => three("adds", e, lowRegister(e, 6)) },
  { mask: 0xfe00, bits: 0x1a00, decode: (e) => three("subs", e, lowRegister(e, 6)) },
  { mask: 0xfe00, bits: 0x1c00, decode: (e) => three("adds", e, `#${(e >>> 6) & 7}`) },
  { mask: 0xfe00, bits: 0x1e00, decode: (e) => three("subs", e, `#${(e >>> 6) & 7}`) },
  { mask: 0xf800, bits: 0x2000, decode: (e) => immediate("movs", e) },
  { mask: 0xf800, bits: 0x2800, decode: (e) => immediate("cmp", e) },
  { mask: 0xf800, bits: 0x3000, decode: (e) => immediate("adds", e) },
  { mask: 0xf800, bits: 0x3800, decode: (e) => immediate("subs", e) },
  { mask: 0xfc00, bits: 0x4000, decode: dataProcessing },
  // Special data and branch with exchange (A5.2.3).
  { mask: 0xff78, bits: 0x4468, decode: (e) => of("add", high(e), "sp", high(e)) },
  { mask: 0xff00, bits: 0x4400, decode: (e) => of("add", high(e), register(e >>> 3)) },
  { mask: 0xff00, bits: 0x4500, decode: (e) => of("cmp", high(e), register(e >>> 3)) },
  { mask: 0xff00, bits: 0x4600, decode: (e) => of("mov", high(e), register(e >>> 3)) },
  { mask: 0xff80, bits: 0x4700, decode: (e) => of("bx", register(e >>> 3)) },
  { mask: 0xff87, bits: 0x4780, decode: (e) => of("blx", register(e >>> 3)) },
  // Loads and stores (A5.2.4).
  { mask: 0xf800, bits: 0x4800, decode: literal },
  { mask: 0xf000, bits: 0x5000, decode: registerOffset },
  { mask: 0xf800, bits: 0x6000, decode: (e) => immediateOffset("str", e, 4) },
  { mask: 0xf800, bits: 0x6800, decode: (e) => immediateOffset("ldr", e, 4) },
  { mask: 0xf800, bits: 0x7000, decode: (e) => immediateOffset("strb", e, 1) },
  { mask: 0xf800, bits: 0x7800, decode: (e) => immediateOffset("ldrb", e, 1) },
  { mask: 0xf800, bits: 0x8000, decode: (e) => immediateOffset("strh", e, 2) },
  { mask: 0xf800, bits: 0x8800, decode: (e) => immediateOffset("ldrh", e, 2) },
  {
    mask: 0xf800,
    bits: 0x9000,
    decode: (e) => of("str", lowRegister(e, 8), offsetFrom("sp", 4 * (e & 255))),
  },
  {
    mask: 0xf800,
    bits: 0x9800,
    decode: (e) => of("ldr", lowRegister(e, 8), offsetFrom("sp", 4 * (e & 255))),
  },
  { mask: 0xf800, bits: 0xa000, decode: addressOf },
  { mask: 0xf800, bits: 0xa800, decode: (e) => of("add", lowRegister(e, 8), "sp", `#${4 * (e & 255)}`) },
  // Miscellaneous (A5.2.5).
  { mask: 0xff80, bits: 0xb000, decode: (e) => of("add", "sp", `#${4 * (e & 127)}`) },
  { mask: 0xff80, bits: 0xb080, decode: (e) => of("sub", "sp", `#${4 * (e & 127)}`) },
  { mask: 0xff00, bits: 0xb200, decode: (e) => two(EXTENDS[(e >>> 6) & 3]!, e) },
  { mask: 0xfe00, bits: 0xb400, decode: (e) => list("push", (e & 255) | ((e & 0x100) << 6)) },
  { mask: 0xffff, bits: 0xb662, decode: () => of("cpsie", "i") },
  { mask: 0xffff, bits: 0xb672, decode: () => of("cpsid", "i") },
  { mask: 0xff00, bits: 0xba00, decode: reversal },
  { mask: 0xfe00, bits: 0xbc00, decode: (e) => list("pop", (e & 255) | ((e & 0x100) << 7)) },
  { mask: 0xff00, bits: 0xbe00, decode: (e) => of("bkpt", `#${e & 255}`) },
  { mask: 0xff0f, bits: 0xbf00, decode: hint },
  // Multiple loads and stores, conditional branches, supervisor calls (A5.2, A5.2.6).
  { mask: 0xf800, bits: 0xc000, decode: (e) => multiple("stm", e) },
  { mask: 0xf800, bits: 0xc800, decode: (e) => multiple("ldm", e) },
  { mask: 0xff00, bits: 0xde00, decode: (e) => of("udf", `#${e & 255}`) },
  { mask: 0xff00, bits: 0xdf00, decode: (e) => of("svc", `#${e & 255}`) },
  { mask: 0xf000, bits: 0xd000, decode: conditional },
  { mask: 0xf800, bits: 0xe000, decode: (e, at) => branch("b", at + 4 + 2 * signed(e & 0x7ff, 11)) },
];

function of(mnemonic: string, ...operands: readonly string[]): Decoded {
  return { mnemonic, operands: operands.join(", ") };
}

function two(mnemonic: string, encoding: number): Decoded {
  return of(mnemonic, lowRegister(encoding, 0), lowRegister(encoding, 3));
}

function three(mnemonic: string, encoding: number, last: string): Decoded {
  return of(mnemonic, lowRegister(encoding, 0), lowRegister(encoding, 3), last);
}

function shift(mnemonic: string, encoding: number, by: number): Decoded {
  return three(mnemonic, encoding, `#${by}`);
}

function immediate(mnemonic: string, encoding: number): Decoded {
  return of(mnemonic, lowRegister(encoding, 8), `#${encoding & 255}`);
}

function imm5(encoding: number): number {
  return (encoding >>> 6) & 31;
}

/** The destination of the encodings that reach all registers: its highest bit stands apart. */
function high(encoding: number): string {
  return register((encoding & 7) | ((encoding >>> 4) & 8));
}

function dataProcessing(encoding: number): Decoded {
  const mnemonic = DATA_PROCESSING[(encoding >>> 6) & 15]!;
  if (mnemonic === "rsbs") return three(mnemonic, encoding, "#0");
  if (mnemonic === "muls") return three(mnemonic, encoding, lowRegister(encoding, 0));
  return two(mnemonic, encoding);
}

/** Counted from the instruction's own place in the pipeline, 4 bytes on, at a word (A6.7.27, A6.7.6). */
function fromPc(encoding: number, at: Address): Address {
  return toAddress(((at + 4) & ~3) + 4 * (encoding & 255));
}

function literal(encoding: number, at: Address): Decoded {
  const operands = `${lowRegister(encoding, 8)}, [pc, #${4 * (encoding & 255)}]`;
  return { mnemonic: "ldr", operands, reference: { kind: "literal", address: fromPc(encoding, at) } };
}

function addressOf(encoding: number, at: Address): Decoded {
  const operands = `${lowRegister(encoding, 8)}, #${4 * (encoding & 255)}`;
  return { mnemonic: "adr", operands, reference: { kind: "address", address: fromPc(encoding, at) } };
}

function registerOffset(encoding: number): Decoded {
  const memory = `[${lowRegister(encoding, 3)}, ${lowRegister(encoding, 6)}]`;
  return of(REGISTER_OFFSET[(encoding >>> 9) & 7]!, lowRegister(encoding, 0), memory);
}

function immediateOffset(mnemonic: string, encoding: number, scale: number): Decoded {
  return of(mnemonic, lowRegister(encoding, 0), offsetFrom(lowRegister(encoding, 3), scale * imm5(encoding)));
}

function reversal(encoding: number): Decoded | undefined {
  const mnemonic = REVERSALS[(encoding >>> 6) & 3];
  return mnemonic === undefined ? undefined : two(mnemonic, encoding);
}

function list(mnemonic: string, mask: number): Decoded | undefined {
  return mask === 0 ? undefined : of(mnemonic, registerList(mask));
}

/** A load writes the base back unless it loads the base itself (A6.7.25). */
function multiple(mnemonic: "ldm" | "stm", encoding: number): Decoded | undefined {
  const mask = encoding & 255;
  const base = (encoding >>> 8) & 7;
  const isKept = mnemonic === "ldm" && ((mask >>> base) & 1) === 1;
  return mask === 0 ? undefined : of(mnemonic, register(base) + (isKept ? "" : "!"), registerList(mask));
}

function hint(encoding: number): Decoded {
  const number = (encoding >>> 4) & 15;
  const mnemonic = HINTS[number];
  return mnemonic === undefined ? of("hint", `#${number}`) : of(mnemonic);
}

function conditional(encoding: number, at: Address): Decoded {
  return branch(`b${CONDITIONS[(encoding >>> 8) & 15]!}`, at + 4 + 2 * signed(encoding & 255, 8));
}

function branch(mnemonic: string, target: number): Decoded {
  const reference: Reference = { kind: "branch", address: toAddress(target) };
  return { mnemonic, operands: hexAddress(target), reference };
}
