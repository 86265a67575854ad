import { exceptionNumber, Register } from "../target/architecture";
import type { MemoryView } from "../target/target";
import { hexAddress } from "../base/hex-address";
import type { MachineState, StackName } from "./machine-state";

// What the core stacks when it takes an exception (ARMv6-M ARM B1.5.6), from low to high addresses:
//
//     +0 r0  +4 r1  +8 r2  +12 r3  +16 r12  +20 lr  +24 return address  +28 xPSR   +32 (a word to align the frame)
const STACKED = [0, 1, 2, 3, 12, Register.lr, Register.pc, Register.xpsr] as const;
const FRAME_SIZE = 32;

/** xPSR bit 9 in a frame: SP was moved by four to align it (B1.5.7). */
const WAS_ALIGNED = 1 << 9;

const CONTROL_SPSEL = 2;

/** What EXC_RETURN says of where a handler returns to (B1.5.8). */
const RETURNS: ReadonlyMap<number, { readonly stack: StackName; readonly isToHandler: boolean }> = new Map([
  [0xfffffff1, { stack: "main", isToHandler: true }],
  [0xfffffff9, { stack: "main", isToHandler: false }],
  [0xfffffffd, { stack: "process", isToHandler: false }],
]);

/** Whether a return address is one of the values that make the core leave an exception. */
export function isExceptionReturn(returnAddress: number): boolean {
  return RETURNS.has(returnAddress >>> 0);
}

/** The state that an exception has interrupted, or why it cannot be told. */
export type Unstacked =
  | { readonly kind: "state"; readonly state: MachineState; readonly frameEnd: number }
  | { readonly kind: "problem"; readonly what: string };

/**
 * Undoes the entry of an exception.
 * @param handler the state when the handler is about to return; its program counter is EXC_RETURN
 */
export function unstack(handler: MachineState, memory: MemoryView): Unstacked {
  const excReturn = handler.registers.get(Register.pc) ?? 0;
  const returns = RETURNS.get(excReturn);
  if (returns === undefined) return { kind: "problem", what: `${hexAddress(excReturn)} is no EXC_RETURN` };
  const frame = handler.registers.get(returns.stack === "main" ? Register.sp : Register.psp);
  if (frame === undefined) {
    return { kind: "problem", what: `the ${returns.stack} stack pointer at the exception is not known` };
  }
  const values = STACKED.map((_, i) => memory.readUint((frame + 4 * i) >>> 0, 4));
  const [, , , , , , returnAddress, xpsr] = values;
  if (returnAddress === undefined || xpsr === undefined) {
    return { kind: "problem", what: `the exception frame at ${hexAddress(frame)} cannot be read` };
  }
  const exception = exceptionNumber(xpsr);
  if ((exception !== 0) !== returns.isToHandler) {
    const what = `the exception frame at ${hexAddress(frame)} does not fit its EXC_RETURN: the stack is damaged`;
    return { kind: "problem", what };
  }
  const sp = ((frame + FRAME_SIZE) | ((xpsr & WAS_ALIGNED) >>> 7)) >>> 0;
  const control = handler.registers.get(Register.control) ?? 0;
  const registers = handler.registers.with([
    ...STACKED.map((register, i) => [register, values[i]] as const),
    [Register.pc, returnAddress & ~1],
    [Register.sp, sp],
    [returns.stack === "main" ? Register.msp : Register.psp, sp],
    [Register.control, returns.stack === "process" ? control | CONTROL_SPSEL : control & ~CONTROL_SPSEL],
  ]);
  const { stack } = returns;
  const state = { registers, stack, exception, isExact: true, isGuessed: handler.isGuessed };
  return { kind: "state", state, frameEnd: sp };
}
