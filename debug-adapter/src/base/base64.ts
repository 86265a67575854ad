const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
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
  const digits: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const rest = bytes.length - at;
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    digits.push(
      DIGITS[bits >>> 18]!,
      DIGITS[(bits >>> 12) & 63]!,
      rest > 1 ? DIGITS[(bits >>> 6) & 63]! : "=",
      rest > 2 ? DIGITS[bits & 63]! : "=",
    );
  }
  return digits.join("");
}

function valueAt(text: string, at: number): number {
  return VALUES[text.charCodeAt(at) & 127]!;
}
