import type { Identifier } from "./cursor";

/** Longest identifier that is decoded, in characters; insertion takes time in the square of it. */
const LONGEST = 128;

// Parameters of Punycode (RFC 3492 section 5).
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_N = 0x80;

/** The text of an identifier; Punycode that cannot be decoded is shown as `punycode{…}`. */
export function identifierText(identifier: Identifier): string {
  const { ascii, punycode } = identifier;
  if (punycode === "") return ascii;
  return decode(identifier) ?? `punycode{${ascii === "" ? "" : `${ascii}-`}${punycode}}`;
}

/** Decodes Punycode (RFC 3492 section 6.2); v0 uses `_` as its delimiter, which the cursor has already split at. */
function decode({ ascii, punycode }: Identifier): string | undefined {
  const characters = Array.from(ascii);
  let bias = INITIAL_BIAS;
  let position = 0;
  let codePoint = INITIAL_N;
  let at = 0;
  while (at < punycode.length) {
    const delta = readDelta(punycode, at, bias);
    if (!delta) return undefined;
    const isFirst = at === 0;
    at = delta.end;
    const length = characters.length + 1;
    position += delta.value;
    codePoint += Math.floor(position / length);
    position %= length;
    const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    if (codePoint > 0x10ffff || isSurrogate || length > LONGEST) return undefined;
    characters.splice(position, 0, String.fromCodePoint(codePoint));
    position++;
    bias = adapt(delta.value, length, isFirst);
  }
  return characters.join("");
}

/** A generalised variable-length integer (RFC 3492 section 3.3). */
function readDelta(
  punycode: string,
  start: number,
  bias: number,
): { value: number; end: number } | undefined {
  let value = 0;
  let weight = 1;
  let at = start;
  for (let k = BASE; ; k += BASE) {
    const digit = digitOf(punycode[at]);
    if (digit === undefined) return undefined;
    at++;
    value += digit * weight;
    if (value > Number.MAX_SAFE_INTEGER) return undefined;
    const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
    if (digit < threshold) return { value, end: at };
    weight *= BASE - threshold;
  }
}

function digitOf(character: string | undefined): number | undefined {
  if (character === undefined) return undefined;
  if (character >= "a" && character <= "z") return character.charCodeAt(0) - 0x61;
  if (character >= "0" && character <= "9") return character.charCodeAt(0) - 0x30 + 26;
  return undefined;
}

/** Bias adaptation (RFC 3492 section 6.1). */
function adapt(previous: number, length: number, isFirst: boolean): number {
  let delta = Math.floor(previous / (isFirst ? DAMP : 2));
  delta += Math.floor(delta / length);
  let k = 0;
  while (delta > ((BASE - T_MIN) * T_MAX) / 2) {
    delta = Math.floor(delta / (BASE - T_MIN));
    k += BASE;
  }
  return k + Math.floor(((BASE - T_MIN + 1) * delta) / (delta + SKEW));
}
