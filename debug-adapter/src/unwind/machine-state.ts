import { exceptionNumber, Register } from "../target/architecture";
import { RegisterSet, SCRATCH_REGISTERS } from "./register-set";

/** Which of the two stacks a frame is on (ARMv6-M ARM B1.4.1). */
export type StackName = "main" | "process";

/** The machine as it is in one frame: how it was when the frame's callee was called. */
export interface MachineState {
  readonly registers: RegisterSet;
  readonly stack: StackName;
  /** The exception being handled, 0 in thread mode. */
  readonly exception: number;
  /** Whether the program counter is at the next instruction, and not behind a call that has not returned. */
  readonly isExact: boolean;
  /** Whether this was found by a guess, or from something that was. */
  readonly isGuessed: boolean;
}

/** CONTROL.SPSEL: thread mode uses the process stack (ARMv6-M ARM B1.4.4). */
const SPSEL = 2;

/** The state of a stopped target from its registers, in the order of `REGISTER_NAMES`. */
export function stoppedState(values: ArrayLike<number>): MachineState {
  const registers = RegisterSet.of(values);
  const exception = exceptionNumber(registers.get(Register.xpsr) ?? 0);
  const usesProcessStack = exception === 0 && ((registers.get(Register.control) ?? 0) & SPSEL) !== 0;
  return {
    registers,
    stack: usesProcessStack ? "process" : "main",
    exception,
    isExact: true,
    isGuessed: false,
  };
}

/** What a step from a frame to its caller has found. */
export interface Return {
  /** Where the callee goes back to, as it stands in LR or on the stack: the Thumb bit is set. */
  readonly address: number;
  /** The stack pointer after it has gone back. */
  readonly sp: number;
  /** Other registers that have another value then; undefined for lost ones. */
  readonly changes: readonly (readonly [register: number, value: number | undefined])[];
  readonly isGuessed: boolean;
}

/** The state of the caller. What a function call does not preserve is unknown in it. */
export function callerState(callee: MachineState, found: Return): MachineState {
  const registers = callee.registers.with([
    ...SCRATCH_REGISTERS.map((register) => [register, undefined] as const),
    [Register.xpsr, undefined],
    ...found.changes,
    [Register.lr, undefined],
    [Register.sp, found.sp],
    [callee.stack === "main" ? Register.msp : Register.psp, found.sp],
    [Register.pc, found.address & ~1],
  ]);
  return {
    registers,
    stack: callee.stack,
    exception: callee.exception,
    isExact: false,
    isGuessed: callee.isGuessed || found.isGuessed,
  };
}
