/** Throws if an invariant of ours does not hold. Never use it for bad input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}

/** Marks a `switch` as exhaustive. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${String(value)}`);
}
