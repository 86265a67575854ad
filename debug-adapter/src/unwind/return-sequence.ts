import { Register } from "../target/architecture";
import type { MemoryView } from "../target/target";
import type { MachineState, Return } from "./machine-state";

/** More than any epilogue has. */
const MOST_INSTRUCTIONS = 16;

/**
 * Finds the caller by executing what is left of a function, if that is nothing but its epilogue: instructions that
 * put registers back and return. Compilers do not describe epilogues in call frame information, where the frame
 * pointer may already be the caller's; and code without any (ROM routines) can be left this way at its end.
 * Undefined if anything else stands between the program counter and the return.
 *
 * @param state of the innermost frame or of one that an exception interrupted
 */
export function executeReturn(state: MachineState, memory: MemoryView): Return | undefined {
  const machine = new ReturnMachine(state, memory);
  let at = state.registers.get(Register.pc);
  for (let i = 0; i < MOST_INSTRUCTIONS && at !== undefined; i++, at += 2) {
    const instruction = memory.readUint(at, 2);
    if (instruction === undefined) return undefined;
    const target = machine.execute(instruction);
    if (target === "unknown") return undefined;
    if (target !== undefined) return machine.returnTo(target);
  }
  return undefined;
}

/** Executes the few instructions that epilogues consist of (ARMv6-M ARM A6.7). */
class ReturnMachine {
  private readonly values = new Map<number, number | undefined>();

  constructor(
    private readonly state: MachineState,
    private readonly memory: MemoryView,
  ) {}

  /** Where the instruction returns to; undefined if it goes on to the next, `unknown` if it cannot be executed. */
  execute(instruction: number): number | "unknown" | undefined {
    const low = instruction & 7;
    const second = (instruction >>> 3) & 7;
    // ADD SP, SP, #imm7
    if ((instruction & 0xff80) === 0xb000)
      return this.move(Register.sp, Register.sp, (instruction & 0x7f) * 4);
    // POP {registers}
    if ((instruction & 0xfe00) === 0xbc00) return this.pop(instruction & 0x1ff);
    // BX Rm
    if ((instruction & 0xff87) === 0x4700) return this.get((instruction >>> 3) & 15) ?? "unknown";
    // MOV Rd, Rm
    if ((instruction & 0xff00) === 0x4600) {
      const target = ((instruction >>> 4) & 8) | low;
      return target === Register.pc ? "unknown" : this.move(target, (instruction >>> 3) & 15, 0);
    }
    // ADDS Rd, Rn, #imm3; SUBS Rd, Rn, #imm3
    if ((instruction & 0xfe00) === 0x1c00) return this.move(low, second, (instruction >>> 6) & 7);
    if ((instruction & 0xfe00) === 0x1e00) return this.move(low, second, -((instruction >>> 6) & 7));
    // MOVS Rd, #imm8; ADDS Rdn, #imm8; SUBS Rdn, #imm8
    const wide = (instruction >>> 8) & 7;
    const immediate = instruction & 0xff;
    switch (instruction & 0xf800) {
      case 0x2000:
        this.values.set(wide, immediate);
        return undefined;
      case 0x3000:
        return this.move(wide, wide, immediate);
      case 0x3800:
        return this.move(wide, wide, -immediate);
      default:
        return "unknown";
    }
  }

  returnTo(address: number): Return | undefined {
    const sp = this.get(Register.sp);
    if (sp === undefined) return undefined;
    const preserved = [...this.values].filter(([register]) => register >= 4 && register < 12);
    return { address, sp, changes: preserved, isGuessed: false };
  }

  private move(target: number, source: number, offset: number): "unknown" | undefined {
    const value = this.get(source);
    if (value === undefined && target === Register.sp) return "unknown";
    this.values.set(target, value === undefined ? undefined : (value + offset) >>> 0);
    return undefined;
  }

  /** @param list bits 0 to 7 for r0 to r7, bit 8 for pc */
  private pop(list: number): number | "unknown" | undefined {
    let sp = this.get(Register.sp);
    if (sp === undefined) return "unknown";
    let target: number | "unknown" | undefined;
    for (let register = 0; register <= 8; register++) {
      if ((list & (1 << register)) === 0) continue;
      const value = this.memory.readUint(sp, 4);
      sp = (sp + 4) >>> 0;
      if (register < 8) this.values.set(register, value);
      else target = value ?? "unknown";
    }
    this.values.set(Register.sp, sp);
    return target;
  }

  private get(register: number): number | undefined {
    return this.values.has(register) ? this.values.get(register) : this.state.registers.get(register);
  }
}
