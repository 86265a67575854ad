import { encodeUtf8 } from "../base/utf8";
import type { BaseType } from "../symbols/types/type";
import type { Scalar } from "./scalar";

/** A scalar as Rust's `{:?}` prints it; bits that no value of the type has are called invalid. */
export function scalarText(scalar: Scalar, type: BaseType): string {
  switch (scalar.kind) {
    case "integer":
      return scalar.value.toString();
    case "float":
      return floatText(scalar.value, scalar.byteSize);
    case "bool":
      return String(scalar.value);
    case "char":
      return `'${escaped(scalar.value, "'")}'`;
    case "unit":
      return type.name === "!" ? "<never>" : "()";
    case "invalid": {
      const bits = `0x${scalar.raw.toString(16).padStart(2 * type.byteSize, "0")}`;
      return type.encoding === "float" ? `${type.name} ${bits}` : `invalid ${type.name} ${bits}`;
    }
  }
}

/**
 * A float as Rust's `{:?}` prints it: the shortest digits that give the same number, with an exponent below 1e-4 and
 * from 1e16 on (`core::fmt::float`).
 */
export function floatText(value: number, byteSize: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits, exponent] = shortestDigits(value, byteSize);
  const sign = value < 0 ? "-" : "";
  const size = Math.abs(value);
  // The limits are floats of the same width: 1e-4 as an f32 is a little less than as an f64.
  const isNarrow = byteSize < 8;
  if (size < (isNarrow ? Math.fround(1e-4) : 1e-4) || size >= (isNarrow ? Math.fround(1e16) : 1e16)) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]!}${fraction}e${exponent}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/** Text in quotes, escaped as Rust's `{:?}` does. */
export function quoted(text: string): string {
  let result = "";
  for (const character of text) result += escaped(character.codePointAt(0)!, '"');
  return `"${result}"`;
}

/** Bytes that are not UTF-8 throughout, as a byte string literal. */
export function quotedBytes(bytes: Uint8Array): string {
  const parts = Array.from(bytes, (byte) =>
    byte < 0x80 && byte >= 0x20 ? escaped(byte, '"') : `\\x${byte.toString(16).padStart(2, "0")}`,
  );
  return `b"${parts.join("")}"`;
}

/** Whether decoding has lost nothing: the text gives back the same bytes. */
export function isFaithful(text: string, bytes: Uint8Array): boolean {
  if (!text.includes("\ufffd")) return true;
  const again = encodeUtf8(text);
  return again.length === bytes.length && again.every((byte, i) => byte === bytes[i]);
}

/** Digits without trailing zeros, and the exponent of the first. */
export function shortestDigits(value: number, byteSize: number): [digits: string, exponent: number] {
  const size = Math.abs(value);
  const [mantissa, exponent] = (byteSize === 8 ? size.toExponential() : shortestNarrow(size, byteSize)).split(
    "e",
  );
  return [mantissa!.replace(".", ""), Number(exponent)];
}

/** JavaScript prints doubles; a narrower float needs fewer digits, at most 9 (binary32) or 5 (binary16). */
function shortestNarrow(size: number, byteSize: number): string {
  const most = byteSize === 4 ? 9 : 5;
  for (let digits = 0; digits < most; digits++) {
    const text = size.toExponential(digits);
    if (isSameNarrow(Number(text), size, byteSize)) return text;
  }
  return size.toExponential(most);
}

function isSameNarrow(candidate: number, size: number, byteSize: number): boolean {
  if (byteSize === 4) return Math.fround(candidate) === size;
  // Neighbours of a binary16 are 2^-10 of its power of two apart; below 2^-14 they are 2^-24 apart.
  const gap = Math.max(2 ** (Math.floor(Math.log2(size)) - 10), 2 ** -24);
  return Math.abs(candidate - size) < gap / 4;
}

function escaped(codePoint: number, quote: string): string {
  const character = String.fromCodePoint(codePoint);
  const known = ESCAPES[character];
  if (known !== undefined) return known;
  if (character === quote || character === "\\") return `\\${character}`;
  // What cannot be seen: control, unassigned and private characters, and spaces that are not U+0020. A mark that
  // combines with what is before it would combine with the quote.
  const isInvisible = character !== " " && /[\p{C}\p{Z}]/u.test(character);
  const isCombining = quote === "'" && /\p{Grapheme_Extend}/u.test(character);
  return isInvisible || isCombining ? `\\u{${codePoint.toString(16)}}` : character;
}

const ESCAPES: Readonly<Record<string, string | undefined>> = {
  "\0": "\\0",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};
