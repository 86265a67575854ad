import { Register, REGISTER_COUNT, REGISTER_NAMES, type RegisterNumber } from "../target/architecture";

/** Registers as they are in one frame, by number; undefined for those whose value was lost. Never changed. */
export class RegisterSet {
  private constructor(private readonly values: readonly (number | undefined)[]) {}

  /** All registers of a stopped target, in the order of `REGISTER_NAMES`. */
  static of(values: ArrayLike<number>): RegisterSet {
    return new RegisterSet(Array.from({ length: REGISTER_COUNT }, (_, i) => values[i]));
  }

  /** A register by its number, 0 to 2^32 - 1; r0 to pc are numbered as in DWARF. */
  get(register: number): number | undefined {
    return this.values[register];
  }

  /** The same with some registers replaced. */
  with(changes: Iterable<readonly [register: number, value: number | undefined]>): RegisterSet {
    const values = [...this.values];
    for (const [register, value] of changes) {
      if (register >= 0 && register < REGISTER_COUNT) {
        values[register] = value === undefined ? undefined : value >>> 0;
      }
    }
    return new RegisterSet(values);
  }

  /** Names and values of the registers that are known. */
  known(): { readonly name: string; readonly value: number }[] {
    return REGISTER_NAMES.flatMap((name, i) => {
      const value = this.values[i];
      return value === undefined ? [] : [{ name, value }];
    });
  }
}

/** Registers that a function may change as it likes (AAPCS32 6.1.1): a caller's values of them are lost. */
export const SCRATCH_REGISTERS: readonly RegisterNumber[] = [
  Register.r0,
  Register.r1,
  Register.r2,
  Register.r3,
  12 as RegisterNumber,
];
