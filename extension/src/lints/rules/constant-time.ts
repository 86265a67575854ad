import type { Names } from "../semantics/names";
import { integerLiteral } from "../semantics/type-text";

/** Nanoseconds of each unit, by the end of a constructor's name. */
const UNITS: Readonly<Record<string, number>> = { secs: 1e9, millis: 1e6, micros: 1e3, nanos: 1 };

/** A timer that a text makes, if its length is a number: `Timer::after_millis(500)`, `sleep(Duration::from_secs(1))`. */
export interface ConstantTimer {
  readonly nanoseconds: number;
  /** As written: `Duration::from_millis(500)`. */
  readonly duration: string;
}

export function constantTimer(text: string, names: Names): ConstantTimer | undefined {
  const short = /^((?:\w+::)*Timer)::after_(secs|millis|micros|nanos)\(\s*([\w:]+)\s*\)$/.exec(text);
  if (short !== null && names.resolve(short[1]!) === "embassy_time::Timer") {
    return length(short[2]!, short[3]!, names);
  }
  const long =
    /^((?:\w+::)*\w+)\(\s*((?:\w+::)*Duration::from_(secs|millis|micros|nanos)\(\s*([\w:]+)\s*\))\s*,?\s*\)$/.exec(
      text,
    );
  if (long === null) return undefined;
  const resolved = names.resolve(long[1]!);
  if (resolved !== "embassy_time::Timer::after" && resolved !== "tokio::time::sleep") return undefined;
  const found = length(long[3]!, long[4]!, names);
  return found === undefined ? undefined : { ...found, duration: long[2]! };
}

function length(unit: string, text: string, names: Names): ConstantTimer | undefined {
  const count = integerLiteral(text) ?? names.constant(text);
  if (count === undefined) return undefined;
  return { nanoseconds: count * UNITS[unit]!, duration: `Duration::from_${unit}(${text})` };
}
