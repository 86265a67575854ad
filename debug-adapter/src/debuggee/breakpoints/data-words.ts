import { hexAddress } from "../../base/hex-address";
import type { TargetCapabilities, TracepointHit } from "../../target/target";
import { PICO_MEMORY } from "../../values/memory-copy";
import type { DataBreakpoint } from "./breakpoint";

/** Why a data breakpoint cannot be; undefined if it can. */
export function dataRefusal(
  { address, byteSize, access }: DataBreakpoint,
  { tracepoints }: TargetCapabilities,
): string | undefined {
  if (tracepoints !== "free") return "stores cannot be watched on a board; debug in the emulated Pico";
  if (access !== "write") return "only writes of data can be watched; loads are not reported by the target";
  if (byteSize < 1) return "there are no bytes to watch";
  const isMemory = PICO_MEMORY.some(
    ({ start, byteSize: size }) => address >= start && address + byteSize <= start + size,
  );
  return isMemory ? undefined : `there is no memory at ${hexAddress(address)}`;
}

/** What a store that is being executed does. */
export function writeWords({ memory, writeAddress, writeSize, writeValue }: TracepointHit): string {
  const size = writeSize === 1 || writeSize === 2 ? writeSize : 4;
  const before = memory.readUint(writeAddress, size);
  const old = before === undefined ? "" : ` (it was ${before})`;
  return `${writeSize} ${writeSize === 1 ? "byte" : "bytes"} at ${hexAddress(writeAddress)} ${writeSize === 1 ? "becomes" : "become"} ${writeValue}${old}`;
}
