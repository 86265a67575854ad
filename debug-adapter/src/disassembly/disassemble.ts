import { type Address, address as toAddress } from "../base/brand";
import type { Instruction } from "./instruction";
import { decodeThumb16 } from "./thumb16";
import { decodeThumb32, isFirstOfTwo } from "./thumb32";

/**
 * The instructions in some bytes of Thumb code, one after the other. Half of a 32-bit instruction at the end, and a last
 * odd byte, are left out. Data among the code (literals, tables) decodes to whatever its bits say.
 *
 * @param start the address of the first byte, even
 */
export function disassemble(bytes: Uint8Array, start: Address): Instruction[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Instruction[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const first = view.getUint16(at, true);
    const isLong = isFirstOfTwo(first);
    if (isLong && at + 4 > bytes.length) break;
    const address = toAddress(start + at);
    found.push(isLong ? long(first, view.getUint16(at + 2, true), address) : short(first, address));
    at += isLong ? 4 : 2;
  }
  return found;
}

/** An instruction on one line: `ldr r0, [pc, #12]`. */
export function instructionText({ mnemonic, operands }: Instruction): string {
  return operands === "" ? mnemonic : `${mnemonic} ${operands}`;
}

function short(encoding: number, address: Address): Instruction {
  const decoded = decodeThumb16(encoding, address) ?? { mnemonic: ".inst.n", operands: hex(encoding, 4) };
  return { address, byteSize: 2, reference: undefined, ...decoded };
}

function long(first: number, second: number, address: Address): Instruction {
  const unknown = { mnemonic: ".inst.w", operands: hex(first * 0x10000 + second, 8) };
  return {
    address,
    byteSize: 4,
    reference: undefined,
    ...(decodeThumb32(first, second, address) ?? unknown),
  };
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
