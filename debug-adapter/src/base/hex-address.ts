/** A 32-bit address or register as it is written everywhere: `0x20041f8c`. */
export function hexAddress(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, "0")}`;
}
