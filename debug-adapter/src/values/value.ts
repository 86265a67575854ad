import type { Type } from "../symbols/types/type";
import type { ValueLocation } from "./location";

/**
 * Something of the program at one instant: what it is and where. It is plain data and reads nothing by itself;
 * a `ValueReader` reads as much of it as is asked for.
 */
export interface Value {
  readonly type: Type;
  readonly location: ValueLocation;
  /** Show the members as the compiler laid them out, although a formatter knows better. */
  readonly isRaw?: true;
}

/** A value under the name that it has in what it is part of: a field, `[3]`, `*`. */
export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}
