import { UserError } from "../base/errors";
import type { Core } from "../chip/armv6m/core";
import { CONTROL, PRIMASK } from "../chip/armv6m/core-state";
import { Register, REGISTER_COUNT, REGISTER_NAMES, type RegisterNumber } from "./architecture";

/** All registers of a core, in the order of `REGISTER_NAMES`. */
export function readCoreRegisters(core: Core): Uint32Array {
  const values = new Uint32Array(REGISTER_COUNT);
  for (let register = 0; register < REGISTER_COUNT; register++) {
    values[register] = readCoreRegister(core, register as RegisterNumber);
  }
  return values;
}

/** One register of a core, 0 to 2^32 - 1. */
export function readCoreRegister(core: Core, register: RegisterNumber): number {
  if (register < 16) return core.registers[register]! >>> 0;
  switch (register) {
    case Register.xpsr:
      return core.xpsr() >>> 0;
    case Register.msp:
      return core.mainStackPointer >>> 0;
    case Register.psp:
      return core.processStackPointer >>> 0;
    case Register.primask:
      return core.special[PRIMASK]! >>> 0;
    default:
      return core.special[CONTROL]! >>> 0;
  }
}

/**
 * Sets a register. Of xPSR only the flags can be set: the rest says what the core is doing.
 * @throws UserError for CONTROL, which decides what SP is
 */
export function writeCoreRegister(core: Core, register: RegisterNumber, value: number): void {
  if (register < 16) {
    core.writeRegister(register, value | 0);
    return;
  }
  switch (register) {
    case Register.xpsr:
      core.setFlags(value | 0);
      return;
    case Register.msp:
      core.setStackPointer("main", value | 0);
      return;
    case Register.psp:
      core.setStackPointer("process", value | 0);
      return;
    case Register.primask:
      core.special[PRIMASK] = value & 1;
      core.reviewAttention();
      return;
    default:
      throw new UserError(
        `Register ${REGISTER_NAMES[register] ?? register} cannot be set`,
        "set r0 to r12, sp, lr, pc, xpsr, msp, psp or primask",
      );
  }
}
