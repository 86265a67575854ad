import { UserError } from "../base/errors";

/**
 * The address that a memory reference and an offset name; it may lie outside the address space.
 * @throws UserError if the reference is none of ours
 */
export function addressOf(memoryReference: string, offset = 0): number {
  const at = /^(?:0x[0-9a-f]+|\d+)$/i.test(memoryReference) ? Number(memoryReference) : NaN;
  if (Number.isSafeInteger(at) && Number.isSafeInteger(offset)) return at + offset;
  throw new UserError(`${JSON.stringify(memoryReference)} is no address`, "write it as 0x20000000");
}
