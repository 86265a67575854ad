import { exceptionNumber, Register, REGISTER_COUNT, type RegisterNumber } from "../../target/architecture";
import type { TracepointHit } from "../../target/target";
import type { MachineFrame } from "../../unwind/machine-frame";
import type { Unwinder } from "../../unwind/unwinder";

/** All registers at a hit, in the order of `REGISTER_NAMES`. */
export function registersAt(hit: TracepointHit): Uint32Array {
  const values = new Uint32Array(REGISTER_COUNT);
  for (let register = 0; register < REGISTER_COUNT; register++) {
    values[register] = hit.register(register as RegisterNumber);
  }
  return values;
}

/** The innermost frame at a hit. */
export function frameAt(hit: TracepointHit, unwinder: Unwinder): MachineFrame {
  return unwinder.innermost(registersAt(hit), hit.memory);
}

/**
 * Whether a hit is at a level of the stack: the stack pointer is the same, and the same handler runs or none does. An
 * interrupt or another task that comes by is told apart by that.
 */
export function isAtLevel({
  stackPointer,
  exception,
}: {
  readonly stackPointer: number;
  readonly exception: number;
}): (hit: TracepointHit) => boolean {
  return (hit) => hit.register(Register.sp) === stackPointer && exceptionAt(hit) === exception;
}

/** The exception that is being handled at a hit, 0 in thread mode. */
export function exceptionAt(hit: TracepointHit): number {
  return exceptionNumber(hit.register(Register.xpsr));
}
