// Little-endian reads at an offset, for loops that cannot afford a cursor object per value.
// Bytes past the end read as zero: whoever loops compares its offset with the end once per entry instead.

export function u16At(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

export function u24At(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
}

export function u32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

export function u64At(bytes: Uint8Array, at: number): bigint {
  return BigInt(u32At(bytes, at)) | (BigInt(u32At(bytes, at + 4)) << 32n);
}

/** ULEB128 (DWARF 5 section 7.6); digits past 2^53 lose their low bits, past ten bytes they are ignored. */
export function ulebAt(bytes: Uint8Array, at: number): number {
  let byte = bytes[at] ?? 0;
  if (byte < 0x80) return byte;
  let result = byte & 0x7f;
  let scale = 128;
  for (let i = 1; i < 10; i++) {
    byte = bytes[at + i] ?? 0;
    result += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
    scale *= 128;
  }
  return result;
}

/** ULEB128 (DWARF 5 section 7.6), exact to 128 bits. */
export function ulebBigAt(bytes: Uint8Array, at: number): bigint {
  let result = 0n;
  for (let shift = 0n; shift < 133n; shift += 7n) {
    const byte = bytes[at++] ?? 0;
    result |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return result;
}

/** SLEB128 (DWARF 5 section 7.6), exact to 128 bits. */
export function slebAt(bytes: Uint8Array, at: number): bigint {
  let result = 0n;
  for (let shift = 0n; shift < 133n;) {
    const byte = bytes[at++] ?? 0;
    result |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if ((byte & 0x80) === 0) return (byte & 0x40) === 0 ? result : result - (1n << shift);
  }
  return result;
}

/** The offset after a LEB128 number. */
export function afterLeb(bytes: Uint8Array, at: number): number {
  while ((bytes[at] ?? 0) >= 0x80) at++;
  return at + 1;
}
