import { UserError } from "#adapter/base/errors";

const UNITS = { "": 1, k: 1 << 10, m: 1 << 20 };

/**
 * Bytes of flash as people write them: `2M`, `512k`, `4194304`.
 * @throws UserError if it is no size
 */
export function parseFlashSize(text: string): number {
  const match = /^(\d{1,10})\s*([kKmM]?)(?:i?B)?$/.exec(text.trim());
  const size = match === null ? 0 : Number(match[1]) * UNITS[match[2]!.toLowerCase() as keyof typeof UNITS];
  if (size > 0) return size;
  throw new UserError(`${JSON.stringify(text)} is no size of flash`, "write it as 2M, 16M or 512k");
}
