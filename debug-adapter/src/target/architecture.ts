import type { Brand } from "../base/brand";

/** A core register by number: 0 to 15 as in DWARF for the Arm Architecture (AADWARF32 4.1), then the special ones. */
export type RegisterNumber = Brand<number, "RegisterNumber">;

/** ARMv6-M registers (ARMv6-M ARM B1.4). The order is that of `RegisterFile.values`. */
export const Register = {
  r0: 0 as RegisterNumber,
  r1: 1 as RegisterNumber,
  r2: 2 as RegisterNumber,
  r3: 3 as RegisterNumber,
  sp: 13 as RegisterNumber,
  lr: 14 as RegisterNumber,
  pc: 15 as RegisterNumber,
  xpsr: 16 as RegisterNumber,
  msp: 17 as RegisterNumber,
  psp: 18 as RegisterNumber,
  primask: 19 as RegisterNumber,
  control: 20 as RegisterNumber,
} as const;

export const REGISTER_NAMES = [
  ...Array.from({ length: 13 }, (_, i) => `r${i}`),
  "sp",
  "lr",
  "pc",
  "xpsr",
  "msp",
  "psp",
  "primask",
  "control",
] as const;

export const REGISTER_COUNT = REGISTER_NAMES.length;

/** The exception being handled, 0 in thread mode: IPSR, the low bits of xPSR (ARMv6-M ARM B1.4.2). */
export function exceptionNumber(xpsr: number): number {
  return xpsr & 0x3f;
}

/** The number of external interrupt `line` as an exception (ARMv6-M ARM B1.5.2). */
export function interruptException(line: number): number {
  return 16 + line;
}
