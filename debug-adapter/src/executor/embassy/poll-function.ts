import { type Address, address } from "../../base/brand";
import type { MemoryView } from "../../target/target";
import type { EmbassyLayout } from "./layout";

/**
 * The function that polls the task of a header, which points to it; where the linker has merged functions, several
 * tasks have the same one. Undefined for a slot that no task has been in.
 */
export function pollFunctionOf(
  header: number,
  { header: { bytes }, pollFunctions }: EmbassyLayout,
  memory: MemoryView,
): Address | undefined {
  for (let offset = 0; offset + 4 <= bytes; offset += 4) {
    // Bit 0 of a pointer to a function says that it is Thumb code.
    const code = address(((memory.readUint(header + offset, 4) ?? 0) & ~1) >>> 0);
    if (pollFunctions.includes(code)) return code;
  }
  return undefined;
}
