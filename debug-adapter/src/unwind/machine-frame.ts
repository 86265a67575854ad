import { type Address, address } from "../base/brand";
import { evaluateNumber } from "../dwarf/expression";
import type { ExpressionContext } from "../dwarf/expression-context";
import type { ProgramFunction } from "../symbols/function";
import { Register } from "../target/architecture";
import type { MemoryView } from "../target/target";
import type { FrameSymbols } from "./frame-symbols";
import type { MachineState, StackName } from "./machine-state";
import type { RegisterSet } from "./register-set";

/** Registers that functions give back as they got them (AAPCS32 6.1.1). */
const FIRST_PRESERVED = 4;
const LAST_PRESERVED = 11;

/**
 * One activation of a function that has code of its own, or of an exception. Several frames of a backtrace share it
 * where functions were inlined. It answers what expressions of its variables ask.
 */
export class MachineFrame implements ExpressionContext {
  /** The stack pointer before the call that made the frame; undefined if it could not be found. */
  cfa: number | undefined;
  /** The frame that this one returns to, once it has been found. */
  caller: MachineFrame | undefined;
  private frameBaseRead: number | null | undefined;

  constructor(
    readonly state: MachineState,
    readonly memory: MemoryView,
    private readonly symbols: FrameSymbols,
  ) {}

  /** Where execution is, or where it goes on when the callee returns. */
  get pc(): Address {
    return address(this.state.registers.get(Register.pc) ?? 0);
  }

  /** An address within the instruction that is being executed: return addresses lie behind the call. */
  get lookupPc(): Address {
    return this.state.isExact ? this.pc : address(this.pc - 1);
  }

  get registers(): RegisterSet {
    return this.state.registers;
  }

  get stack(): StackName {
    return this.state.stack;
  }

  /** The function that the code belongs to, whatever was inlined into it there. */
  get function(): ProgramFunction | undefined {
    return this.symbols.functionAt(this.lookupPc);
  }

  register(number: number): number | undefined {
    // DWARF numbers the special registers otherwise (AADWARF32 4.1).
    return number <= Register.pc ? this.state.registers.get(number) : undefined;
  }

  frameBase(): number | undefined {
    if (this.frameBaseRead === undefined) this.frameBaseRead = this.symbols.frameBase(this) ?? null;
    return this.frameBaseRead ?? undefined;
  }

  callFrameAddress(): number | undefined {
    return this.cfa;
  }

  /** What a register held when the function was called, as far as it can be told from its caller. */
  entryRegister(number: number): number | undefined {
    if (number === Register.sp) return this.cfa;
    const { caller } = this;
    if (caller === undefined || caller.state.isExact || caller.state.isGuessed) return undefined;
    if (number === Register.lr) return (caller.pc | 1) >>> 0;
    if (number >= FIRST_PRESERVED && number <= LAST_PRESERVED) return caller.register(number);
    const call = this.symbols.argument(this, caller, number);
    if (call === undefined) return undefined;
    const value = evaluateNumber(call.expression, caller, { unit: call.unit });
    return value.kind === "number" ? value.value : undefined;
  }
}
