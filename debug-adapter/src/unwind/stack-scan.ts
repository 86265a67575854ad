import { Register } from "../target/architecture";
import type { MemoryView } from "../target/target";
import { isExceptionReturn } from "./exception-frame";
import type { MachineState, Return } from "./machine-state";

/** What a guess asks of the program. */
export interface CodeMap {
  /** Whether an address lies in code that is known to the program. */
  isCode(at: number): boolean;
  /** Whether a function begins at an address. */
  isEntry(at: number): boolean;
}

/** How many words of the stack are looked at. A frame of a future can be large. */
const MOST_WORDS = 1024;

/**
 * Whether code at `returnAddress` may be what a call returns to: known code, with a BL or BLX before it.
 * The Thumb bit must be set.
 */
export function isReturnAddress(returnAddress: number, memory: MemoryView, code: CodeMap): boolean {
  if ((returnAddress & 1) === 0) return false;
  const at = returnAddress & ~1;
  if (!code.isCode(at - 1)) return false;
  const before = memory.readUint((at - 2) >>> 0, 2);
  if (before === undefined) return false;
  // BLX Rm (ARMv6-M ARM A6.7.14)
  if ((before & 0xff87) === 0x4780) return true;
  // BL (A6.7.13): two halfwords.
  const first = memory.readUint((at - 4) >>> 0, 2);
  return first !== undefined && (first & 0xf800) === 0xf000 && (before & 0xd000) === 0xd000;
}

/** The caller, if the function has not touched the stack: as functions without frames and ROM routines do. */
export function guessByLink(state: MachineState, memory: MemoryView, code: CodeMap): Return | undefined {
  const address = state.registers.get(Register.lr);
  const sp = state.registers.get(Register.sp);
  if (!state.isExact || address === undefined || sp === undefined) return undefined;
  const isPossible =
    (state.exception !== 0 && isExceptionReturn(address)) || isReturnAddress(address, memory, code);
  return isPossible ? { address, sp, changes: [], isGuessed: true } : undefined;
}

/** The first word above the stack pointer that looks as if a call or exception had left it. */
export function guessByScan(state: MachineState, memory: MemoryView, code: CodeMap): Return | undefined {
  const sp = state.registers.get(Register.sp);
  if (sp === undefined) return undefined;
  for (let i = 0; i < MOST_WORDS; i++) {
    const at = ((sp & ~3) >>> 0) + 4 * i;
    const address = memory.readUint(at >>> 0, 4);
    if (address === undefined) return undefined;
    const isPossible =
      (state.exception !== 0 && isExceptionReturn(address)) || isReturnAddress(address, memory, code);
    if (!isPossible) continue;
    return { address, sp: at + 4, changes: frameLink(at, memory), isGuessed: true };
  }
  return undefined;
}

/**
 * Registers after a guess: nothing is known of them but the frame pointer, which a function pushes together with its
 * return address. It is taken for one if it leads further up the stack.
 */
function frameLink(at: number, memory: MemoryView): (readonly [number, number | undefined])[] {
  const FRAME_POINTER = 7;
  const below = memory.readUint((at - 4) >>> 0, 4);
  const isLink = below !== undefined && below > at && below - at < 4 * MOST_WORDS && (below & 3) === 0;
  return [4, 5, 6, 7, 8, 9, 10, 11].map((register) => [
    register,
    register === FRAME_POINTER && isLink ? below : undefined,
  ]);
}
