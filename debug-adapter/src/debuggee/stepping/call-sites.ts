/** Bytes of a Thumb BL (ARMv6-M ARM A6.7.13) and of a BLX through a register (A6.7.14). */
const BL_BYTES = 4;
const BLX_BYTES = 2;

/**
 * The length of the call that Thumb code begins with, or undefined if it begins with something else.
 * @param second the halfword that follows `first`
 */
export function callLength(first: number, second: number): number | undefined {
  if ((first & 0xf800) === 0xf000 && (second & 0xd000) === 0xd000) return BL_BYTES;
  return (first & 0xff80) === 0x4780 ? BLX_BYTES : undefined;
}

/** Where calls in a stretch of Thumb code return to, as offsets from its beginning. */
export function returnOffsets(bytes: Uint8Array): number[] {
  const code = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: number[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const first = code.getUint16(at, true);
    const length = callLength(first, at + 4 <= bytes.length ? code.getUint16(at + 2, true) : 0);
    if (length !== undefined) found.push(at + length);
    // The other instructions of four bytes (A5.3) begin like BL.
    at += (first & 0xf800) === 0xf000 || (first & 0xf800) === 0xe800 || (first & 0xf800) === 0xf800 ? 4 : 2;
  }
  return found;
}
