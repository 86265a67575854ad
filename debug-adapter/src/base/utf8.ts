/** Text as UTF-8; a lone surrogate becomes U+FFFD. Neutral code has no `TextEncoder` type. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text.toWellFormed()) {
    const codePoint = character.codePointAt(0)!;
    if (codePoint < 0x80) bytes.push(codePoint);
    else if (codePoint < 0x800) bytes.push(0xc0 | (codePoint >> 6), continuation(codePoint));
    else if (codePoint < 0x10000) {
      bytes.push(0xe0 | (codePoint >> 12), continuation(codePoint >> 6), continuation(codePoint));
    } else {
      bytes.push(0xf0 | (codePoint >> 18), continuation(codePoint >> 12));
      bytes.push(continuation(codePoint >> 6), continuation(codePoint));
    }
  }
  return Uint8Array.from(bytes);
}

/**
 * UTF-8 text of `bytes[start..end]`; each byte that belongs to no well-formed sequence becomes U+FFFD.
 * Neutral code has no `TextDecoder` type.
 */
export function decodeUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = "";
  let at = start;
  while (at < end) {
    const first = bytes[at]!;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      at++;
      continue;
    }
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
    const codePoint = length === 0 || at + length > end ? undefined : multiByte(bytes, at, length);
    text += String.fromCodePoint(codePoint ?? 0xfffd);
    at += codePoint === undefined ? 1 : length;
  }
  return text;
}

/** The code point of a multi-byte sequence (RFC 3629), or undefined if a continuation byte or its range is wrong. */
function multiByte(bytes: Uint8Array, at: number, length: number): number | undefined {
  let codePoint = bytes[at]! & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i]!;
    if ((next & 0xc0) !== 0x80) return undefined;
    codePoint = (codePoint << 6) | (next & 0x3f);
  }
  const smallest = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000;
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return codePoint < smallest || codePoint > 0x10ffff || isSurrogate ? undefined : codePoint;
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f);
}
