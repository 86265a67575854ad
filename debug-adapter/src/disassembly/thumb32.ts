import { type Address, address as toAddress } from "../base/brand";
import { hexAddress } from "../base/hex-address";
import type { Decoded } from "./instruction";
import { register, signed } from "./operands";

/** Whether a half-word is the first of two that make one instruction (ARMv6-M ARM A5.1). */
export function isFirstOfTwo(encoding: number): boolean {
  return encoding >>> 11 >= 0b11101;
}

/** What a 32-bit instruction of ARMv6-M says; there are six (A5.3). Undefined if it is none of them. */
export function decodeThumb32(first: number, second: number, address: Address): Decoded | undefined {
  if ((first & 0xf800) !== 0xf000 || (second & 0x8000) === 0) return undefined;
  if ((second & 0xd000) === 0xd000) return call(first, second, address);
  if ((first & 0xfff0) === 0xf7f0 && (second & 0xf000) === 0xa000) {
    return { mnemonic: "udf.w", operands: `#${((first & 15) << 12) | (second & 0xfff)}` };
  }
  if ((first & 0xfff0) === 0xf380 && (second & 0xff00) === 0x8800) return moveToSpecial(first, second);
  if (first === 0xf3bf && (second & 0xff00) === 0x8f00) return barrier(second);
  if (first === 0xf3ef && (second & 0xf000) === 0x8000) return moveFromSpecial(second);
  return undefined;
}

/** BL (A6.7.13): bits J1 and J2 are the upper bits of the offset, exclusive-or not its sign. */
function call(first: number, second: number, at: Address): Decoded {
  const sign = (first >>> 10) & 1;
  const upper = (((second >>> 13) & 1) ^ sign ^ 1) * 2 + (((second >>> 11) & 1) ^ sign ^ 1);
  const offset = (sign << 24) | (upper << 22) | ((first & 0x3ff) << 12) | ((second & 0x7ff) << 1);
  const target = toAddress(at + 4 + signed(offset, 25));
  return { mnemonic: "bl", operands: hexAddress(target), reference: { kind: "call", address: target } };
}

/** Special registers by number (B5.1.1). */
const SPECIAL: Readonly<Record<number, string | undefined>> = {
  0: "apsr",
  1: "iapsr",
  2: "eapsr",
  3: "xpsr",
  5: "ipsr",
  6: "epsr",
  7: "iepsr",
  8: "msp",
  9: "psp",
  16: "primask",
  20: "control",
};

function moveToSpecial(first: number, second: number): Decoded | undefined {
  const name = SPECIAL[second & 255];
  return name === undefined ? undefined : { mnemonic: "msr", operands: `${name}, ${register(first)}` };
}

function moveFromSpecial(second: number): Decoded | undefined {
  const name = SPECIAL[second & 255];
  return name === undefined ? undefined : { mnemonic: "mrs", operands: `${register(second >>> 8)}, ${name}` };
}

const BARRIERS: Readonly<Record<number, string | undefined>> = { 4: "dsb", 5: "dmb", 6: "isb" };

/** The only option that is not reserved is SY, the whole system (A6.7.21). */
function barrier(second: number): Decoded | undefined {
  const mnemonic = BARRIERS[(second >>> 4) & 15];
  const option = second & 15;
  return mnemonic === undefined
    ? undefined
    : { mnemonic, operands: option === 15 ? "sy" : `#0x${option.toString(16)}` };
}
