import { type Address, address } from "../base/brand";
import { loadImage } from "../elf/load-image";
import { PANIC_FUNCTIONS } from "./breakpoints/panic-stop";
import type { Firmware } from "./firmware";
import { VECTOR_TABLE, wordAt } from "./pico";

/** HardFault's number, and so its place in the vector table (ARMv6-M ARM B1.5.2). */
const HARD_FAULT = 3;

/** Where panics begin: at the very entry, where the arguments are still in their registers. */
export function panicEntries({ program }: Firmware): Address[] {
  const found = PANIC_FUNCTIONS.flatMap((name) => program.functions.withPath(name));
  return [...new Set(found.map((each) => each.address))];
}

/** Where the handler of hard faults begins; undefined for a firmware without a vector table in flash. */
export function hardFaultEntry({ elf }: Firmware): Address | undefined {
  const handler = wordAt(loadImage(elf), VECTOR_TABLE + 4 * HARD_FAULT);
  return handler === undefined ? undefined : address((handler & ~1) >>> 0);
}
