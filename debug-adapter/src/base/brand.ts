/** A number (or string) that carries its unit in its type and costs nothing at run time. */
export type Brand<Base, Name extends string> = Base & { readonly __brand: Name };

/** A byte address in the target's memory, 0 to 2^32 - 1. */
export type Address = Brand<number, "Address">;

/** Virtual time of the target since power-on, in nanoseconds; exact up to 2^53 (104 days). */
export type Nanoseconds = Brand<number, "Nanoseconds">;

/** Marks a number as an address, reduced to 32 bits. */
export function address(value: number): Address {
  return (value >>> 0) as Address;
}

/** Marks a number as virtual time in nanoseconds. */
export function nanoseconds(value: number): Nanoseconds {
  return value as Nanoseconds;
}
