import { REGISTER_NAMES } from "../target/architecture";
import type { Debuggee } from "./debuggee";

/** The core's registers by name, 0 to 2^32 - 1 each, in the order of the architecture. */
export async function coreRegisters({ target }: Debuggee): Promise<Record<string, number>> {
  const values = await target.readRegisters();
  return Object.fromEntries(REGISTER_NAMES.map((name, i) => [name, values[i]!]));
}
