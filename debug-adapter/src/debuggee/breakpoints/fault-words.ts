import { hexAddress } from "../../base/hex-address";
import { Register, type RegisterNumber } from "../../target/architecture";
import type { MemoryView } from "../../target/target";

/** A register of the interrupted program, 0 to 2^32 - 1. */
export type ReadRegister = (register: number) => number;

/** XPSR bit 24: the core executes Thumb code, as it must (ARMv6-M ARM B1.4.2). */
const THUMB = 1 << 24;

/**
 * What may have raised a HardFault at an instruction. ARMv6-M keeps no cause, so it is what the instruction would do
 * with the registers as they were.
 */
export function faultWords(pc: number, read: ReadRegister, memory: MemoryView): string {
  if ((read(Register.xpsr) & THUMB) === 0) {
    return `a jump to ${hexAddress(pc)} without the bit that says it is Thumb code`;
  }
  const instruction = memory.readUint(pc, 2);
  if (instruction === undefined) return `a jump to ${hexAddress(pc)}, where no code can be`;
  if ((instruction & 0xff00) === 0xde00 || instruction === 0xf7f0) return "an undefined instruction (udf)";
  if ((instruction & 0xff00) === 0xdf00) return "a supervisor call (svc) where none is possible";
  const access = accessOf(instruction, pc, read);
  if (access === undefined) return `an instruction that cannot be executed (${hexAddress(instruction)})`;
  const { verb, size, at } = access;
  const what = `a ${verb} of ${size} ${size === 1 ? "byte" : "bytes"} at ${hexAddress(at)}`;
  if (at % size !== 0) return `${what}, which is not a multiple of ${size}`;
  return memory.readUint(at, 1) === undefined
    ? `${what}, where nothing is`
    : `${what}, which is not possible there`;
}

interface Access {
  readonly verb: "load" | "store";
  readonly size: 1 | 2 | 4;
  readonly at: number;
}

/** What a load or store accesses first (ARMv6-M ARM A5.2.4, A6.7); undefined for any other instruction. */
function accessOf(instruction: number, pc: number, read: ReadRegister): Access | undefined {
  const low = (shift: number) => read((instruction >>> shift) & 7);
  const made = (isLoad: boolean, size: 1 | 2 | 4, at: number): Access => {
    return { verb: isLoad ? "load" : "store", size, at: at >>> 0 };
  };
  const immediate = (instruction >>> 6) & 31;
  const isLoad = (instruction & 0x0800) !== 0;
  switch (instruction >>> 12) {
    case 0x4:
      return (instruction & 0x0800) === 0
        ? undefined
        : made(true, 4, ((pc + 4) & ~3) + 4 * (instruction & 0xff));
    case 0x5: {
      const operation = (instruction >>> 9) & 7;
      const size = REGISTER_OFFSET_SIZES[operation]!;
      return made(operation >= 3, size, low(3) + low(6));
    }
    case 0x6:
      return made(isLoad, 4, low(3) + 4 * immediate);
    case 0x7:
      return made(isLoad, 1, low(3) + immediate);
    case 0x8:
      return made(isLoad, 2, low(3) + 2 * immediate);
    case 0x9:
      return made(isLoad, 4, read(Register.sp) + 4 * (instruction & 0xff));
    case 0xb: {
      const isPush = (instruction & 0xfe00) === 0xb400;
      const isPop = (instruction & 0xfe00) === 0xbc00;
      return isPush || isPop ? made(isPop, 4, read(Register.sp) - (isPush ? 4 : 0)) : undefined;
    }
    case 0xc:
      return made(isLoad, 4, low(8));
    default:
      return undefined;
  }
}

/** STR, STRH, STRB, LDRSB, LDR, LDRH, LDRB, LDRSH with a register as offset, by bits 9 to 11. */
const REGISTER_OFFSET_SIZES = [4, 2, 1, 1, 4, 2, 1, 2] as const;

/** Reads the registers that an exception has put on the stack, and the others as they still are (B1.5.6). */
export function stackedRegisters(
  frame: number,
  memory: MemoryView,
  current: (register: RegisterNumber) => number,
): ReadRegister | undefined {
  const words = Array.from({ length: 8 }, (_, i) => memory.readUint(frame + 4 * i, 4));
  const xpsr = words[7];
  if (xpsr === undefined) return undefined;
  // Bit 9 says that the stack was moved by a word to be aligned.
  const stackPointer = frame + 32 + ((xpsr & 0x200) === 0 ? 0 : 4);
  return (register) => {
    if (register === Register.sp) return stackPointer;
    const position = STACKED.indexOf(register);
    return position < 0 ? current(register as RegisterNumber) : (words[position] ?? 0);
  };
}

/** In the order of the stack frame: r0 to r3, r12, lr, pc, xPSR. */
const STACKED: readonly number[] = [0, 1, 2, 3, 12, Register.lr, Register.pc, Register.xpsr];
