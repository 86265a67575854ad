const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CODES = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0));
const PADDING = 0x3d;
const VALUES = new Uint8Array(128);
for (let value = 0; value < DIGITS.length; value++) VALUES[DIGITS.charCodeAt(value)] = value;

/** Three bytes become four digits; that many bytes are put into one piece of text. */
const PIECE = 3 * 4096;

/** Bytes as base64 (RFC 4648 section 4), padded. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += encodePiece(bytes.subarray(at, at + PIECE));
  return text;
}

/** The bytes of a text that `encodeBase64` has made. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0, to = 0; at < text.length; at += 4, to += 3) {
    const bits =
      (valueAt(text, at) << 18) |
      (valueAt(text, at + 1) << 12) |
      (valueAt(text, at + 2) << 6) |
      valueAt(text, at + 3);
    // What lies behind the end is padding, and writes nothing.
    bytes[to] = bits >>> 16;
    bytes[to + 1] = bits >>> 8;
    bytes[to + 2] = bits;
  }
  return bytes;
}

function encodePiece(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let at = 0, to = 0; at < bytes.length; at += 3) {
    // Bytes behind the end are 0.
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    codes[to++] = CODES[bits >>> 18]!;
    codes[to++] = CODES[(bits >>> 12) & 63]!;
    codes[to++] = CODES[(bits >>> 6) & 63]!;
    codes[to++] = CODES[bits & 63]!;
  }
  const padding = (3 - (bytes.length % 3)) % 3;
  codes.fill(PADDING, codes.length - padding);
  return String.fromCharCode(...codes);
}

function valueAt(text: string, at: number): number {
  return VALUES[text.charCodeAt(at) & 127]!;
}
