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

/** The exception that is being handled at a hit, 0 in thread mode. */
export function exceptionAt(hit: TracepointHit): number {
  return exceptionNumber(hit.register(Register.xpsr));
}
