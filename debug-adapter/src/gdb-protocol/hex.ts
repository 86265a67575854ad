/** Bytes as pairs of digits. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Bytes from pairs of digits, or undefined if the text is not made of them. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** A number as gdb writes it, or undefined. */
export function parseHex(text: string): number | undefined {
  return /^[0-9a-f]{1,8}$/i.test(text) ? parseInt(text, 16) : undefined;
}

/** A register's value: the bytes in the order of memory. */
export function wordToHex(value: number): string {
  return toHex(Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24));
}

/** A register's value from its bytes, or undefined. */
export function wordFromHex(text: string): number | undefined {
  const bytes = fromHex(text);
  if (bytes?.length !== 4) return undefined;
  return (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0;
}

/** Bytes of a packet that carries one per character. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Text of any language as the bytes of its UTF-8, in digits. */
export function textToHex(text: string): string {
  return toHex(new TextEncoder().encode(text));
}
