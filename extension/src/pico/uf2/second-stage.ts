/** Bytes that the RP2040's boot ROM copies from the start of flash and runs; the last four are their checksum. */
const SECOND_STAGE_SIZE = 256;

/** Whether flash begins with what the RP2040's boot ROM accepts as second stage (RP2040 datasheet 2.8.1.3.1). */
export function isSecondStage(page: Uint8Array): boolean {
  if (page.length < SECOND_STAGE_SIZE) return false;
  const body = page.subarray(0, SECOND_STAGE_SIZE - 4);
  const stored = new DataView(page.buffer, page.byteOffset).getUint32(SECOND_STAGE_SIZE - 4, true);
  return checksum(body) === stored;
}

/** CRC-32 with the polynomial 0x04c11db7, from the top bit down, not inverted at the end. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000_0000) === 0 ? crc << 1 : (crc << 1) ^ 0x04c1_1db7;
  }
  return crc >>> 0;
}
