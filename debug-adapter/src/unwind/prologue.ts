import { Register } from "../target/architecture";
import type { MemoryView } from "../target/target";
import type { MachineState, Return } from "./machine-state";

/** Functions that nobody describes are written in assembly, and short. */
const LONGEST = 512;

/**
 * Finds the caller of a function without call frame information, by what its instructions from `start` to where it
 * stands have put on the stack. That is certain where they run in a straight line; where they branch it is a guess.
 */
export function undoPrologue(start: number, state: MachineState, memory: MemoryView): Return | undefined {
  const pc = state.registers.get(Register.pc) ?? 0;
  const sp = state.registers.get(Register.sp);
  if (sp === undefined || start > pc || pc - start > LONGEST) return undefined;
  const stack = new StackEffects();
  for (let at = start; at < pc; at += 2) {
    const instruction = memory.readUint(at, 2);
    if (instruction === undefined || !stack.execute(instruction)) return undefined;
    // Instructions of 32 bits (BL, MRS, MSR, barriers) leave the stack as it is.
    if (instruction >= 0xf000) at += 2;
  }
  if (stack.depth < 0) return undefined;
  const cfa = sp + stack.depth;
  const load = (offset: number) => memory.readUint((cfa - offset) >>> 0, 4);
  const savedAt = stack.saved.get(Register.lr);
  const address = savedAt === undefined ? linkOf(state) : load(savedAt);
  if (address === undefined) return undefined;
  const changes = [...stack.saved].map(([register, offset]) => [register, load(offset)] as const);
  return {
    address,
    sp: cfa,
    changes: changes.filter(([register]) => register < Register.sp),
    isGuessed: !stack.isStraight,
  };
}

function linkOf({ isExact, registers }: MachineState): number | undefined {
  return isExact ? registers.get(Register.lr) : undefined;
}

/** What instructions do to the stack (ARMv6-M ARM A6.7). */
class StackEffects {
  /** Bytes that the function has taken so far. */
  depth = 0;
  /** Where registers were first pushed, in bytes below the stack pointer at the function's entry. */
  readonly saved = new Map<number, number>();
  isStraight = true;

  /** False if the stack pointer is not known after the instruction. */
  execute(instruction: number): boolean {
    // PUSH {registers}: bit 8 is LR.
    if ((instruction & 0xfe00) === 0xb400) {
      this.push(instruction & 0x1ff);
      return true;
    }
    // POP {registers}: with PC it returns, and what follows is reached by a branch.
    if ((instruction & 0xfe00) === 0xbc00) {
      this.depth -= 4 * bitCount(instruction & 0xff);
      if ((instruction & 0x100) !== 0) this.isStraight = false;
      return (instruction & 0x100) === 0;
    }
    const bytes = 4 * (instruction & 0x7f);
    // SUB SP, SP, #imm7; ADD SP, SP, #imm7
    if ((instruction & 0xff80) === 0xb080) this.depth += bytes;
    else if ((instruction & 0xff80) === 0xb000) this.depth -= bytes;
    // MOV SP, Rm; ADD SP, Rm
    else if ((instruction & 0xff87) === 0x4685 || (instruction & 0xff87) === 0x4485) return false;
    // B<c>, B, BX; BLX comes back.
    else if (isBranch(instruction)) this.isStraight = false;
    return true;
  }

  private push(list: number): void {
    const registers = [0, 1, 2, 3, 4, 5, 6, 7].filter((register) => (list & (1 << register)) !== 0);
    if ((list & 0x100) !== 0) registers.push(Register.lr);
    this.depth += 4 * registers.length;
    registers.forEach((register, i) => {
      if (!this.saved.has(register)) this.saved.set(register, this.depth - 4 * i);
    });
  }
}

function isBranch(instruction: number): boolean {
  const isConditional = (instruction & 0xf000) === 0xd000 && (instruction & 0x0f00) < 0x0e00;
  return isConditional || (instruction & 0xf800) === 0xe000 || (instruction & 0xff87) === 0x4700;
}

function bitCount(list: number): number {
  let count = 0;
  for (let rest = list; rest !== 0; rest &= rest - 1) count++;
  return count;
}
