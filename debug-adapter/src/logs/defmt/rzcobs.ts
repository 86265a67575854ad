/**
 * Decodes one frame of reverse zero-compressing COBS (github.com/Dirbaio/rzcobs), without the zero that ends it.
 * Undefined if it is none. It is read from its end: a marker says which of the bytes before it were zeros.
 *
 *     0x01..0x7f  seven bytes: a bit set is a zero, a bit clear a byte that stands before
 *     0x80..0xfe  a zero, and then 7 to 133 bytes that stand before
 *     0xff        134 bytes that stand before
 */
export function decodeRzcobs(encoded: Uint8Array): Uint8Array | undefined {
  const reversed: number[] = [];
  let at = encoded.length - 1;
  const copy = (): boolean => {
    if (at < 0) return false;
    reversed.push(encoded[at--]!);
    return true;
  };
  while (at >= 0) {
    const marker = encoded[at--]!;
    if (marker === 0) return undefined;
    if (marker < 0x80) {
      for (let bit = 6; bit >= 0; bit--) {
        if (((marker >>> bit) & 1) === 1) reversed.push(0);
        else if (!copy()) return undefined;
      }
    } else {
      if (marker < 0xff) reversed.push(0);
      const count = marker < 0xff ? (marker & 0x7f) + 7 : 134;
      for (let i = 0; i < count; i++) if (!copy()) return undefined;
    }
  }
  return Uint8Array.from(reversed.reverse());
}
