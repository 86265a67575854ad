/** The RP2040's SRAM (datasheet 2.6.2): of all that values lie in, only this can be written. */
const SRAM = { start: 0x2000_0000, end: 0x2004_2000 } as const;

/** Whether all bytes of a range can be written. */
export function isRam(start: number, byteSize = 1): boolean {
  return start >= SRAM.start && start + byteSize <= SRAM.end;
}
