import { shortestDigits } from "../../values/scalar-text";
import type { Hint, Precision } from "./format-string";

/** A number in a base, as Rust's `{:#06x}` does: the width counts the sign and the prefix. */
export function numberText(value: bigint, hint: Extract<Hint, { kind: "number" }>): string {
  const { base, isUpper, isAlternate, width } = hint;
  const sign = value < 0n ? "-" : "";
  const digits = (value < 0n ? -value : value).toString(base);
  const prefix = isAlternate ? (PREFIXES[base] ?? "") : "";
  const padded = digits.padStart(width - sign.length - prefix.length, "0");
  return sign + prefix + (isUpper ? padded.toUpperCase() : padded);
}

const PREFIXES: Readonly<Record<number, string | undefined>> = { 2: "0b", 8: "0o", 16: "0x" };

/**
 * A float as defmt's own tools print it, which use the `ryu` crate: the shortest digits that give the same number, with
 * an exponent from 1e16 on (1e13 for an f32) and below 1e-5 (1e-6).
 */
export function floatText(value: number, byteSize: 4 | 8): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (value === 0) return `${sign}0.0`;
  const [digits, exponent] = shortestDigits(value, byteSize);
  const [most, least] = byteSize === 8 ? [16, -5] : [13, -6];
  const point = exponent + 1;
  if (point > most || point <= least) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]!}${fraction}e${exponent}`;
  }
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, "0")}.${digits.slice(point) || "0"}`;
}

const DIGITS: Readonly<Record<Precision, number>> = { us: 6, ms: 3, s: 0 };

/** `1.500000`: microseconds or milliseconds as seconds. */
export function secondsText(value: bigint, precision: Precision): string {
  const { whole, fraction } = split(value, precision);
  return whole.toString() + fraction;
}

/** `25:01:01.000001`, days in front if there are any: `1:01:01:01`. */
export function timeText(value: bigint, precision: Precision): string {
  const { whole, fraction } = split(value, precision);
  const two = (part: bigint) => part.toString().padStart(2, "0");
  const days = whole / 86_400n;
  const clock = [(whole / 3600n) % 24n, (whole / 60n) % 60n, whole % 60n].map(two).join(":");
  return `${days === 0n ? "" : `${days}:`}${clock}${fraction}`;
}

/** `2023-11-14T22:13:20.123Z`: counted from the start of 1970. Undefined if it is not within some thousand years. */
export function dateText(value: bigint, precision: Precision): string | undefined {
  const milliseconds = precision === "s" ? value * 1000n : precision === "ms" ? value : value / 1000n;
  if (milliseconds > LATEST) return undefined;
  const text = new Date(Number(milliseconds)).toISOString();
  return precision === "s" ? text.replace(/\.\d+Z$/, "Z") : text;
}

/** The last millisecond of the year 9999. */
const LATEST = 253_402_300_799_999n;

function split(value: bigint, precision: Precision): { whole: bigint; fraction: string } {
  const digits = DIGITS[precision];
  const unit = 10n ** BigInt(digits);
  const fraction = digits === 0 ? "" : `.${(value % unit).toString().padStart(digits, "0")}`;
  return { whole: value / unit, fraction };
}
