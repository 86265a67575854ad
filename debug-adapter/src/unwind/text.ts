/** An address as problems name it: `0x20041f8c`. */
export function address(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, "0")}`;
}
