/** The length of the call that Thumb code begins with (BL, or BLX through a register); undefined if it is no call. */
export function callLength(first: number, second: number): number | undefined {
  // BL, encoding T1 (ARMv6-M ARM A6.7.13)
  if ((first & 0xf800) === 0xf000 && (second & 0xd000) === 0xd000) return 4;
  return (first & 0xff80) === 0x4780 ? 2 : undefined;
}

/** Where calls in a stretch of Thumb code return to, as offsets from its beginning. */
export function returnOffsets(bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const first = halfword(bytes, at);
    const length = callLength(first, halfword(bytes, at + 2));
    if (length !== undefined) found.push(at + length);
    // Instructions of 32 bits (A5.1)
    at += first >>> 11 >= 0b11101 ? 4 : 2;
  }
  return found;
}

/** The halfword at an offset, 0 beyond the end. */
export function halfword(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}
