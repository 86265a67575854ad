import { REGISTER_NAMES } from "../architecture";

/** Where a gdb server keeps the registers of a core. */
export interface RegisterNumbers {
  /** The number that the server knows a register by, in the order of `REGISTER_NAMES`; undefined if it has it not. */
  readonly numbers: readonly (number | undefined)[];
  /** Where it lies in the reply to `g`, in bytes; registers are in the order of their numbers there. */
  readonly offsets: readonly (number | undefined)[];
}

/** Other names of the same registers: QEMU's, OpenOCD's and probe-rs's descriptions do not agree. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  r13: "sp",
  r14: "lr",
  r15: "pc",
  xpsr: "xpsr",
  cpsr: "xpsr",
  psr: "xpsr",
};

/**
 * Learns the numbering of registers from a target description (gdb manual, appendix G): a register without a number
 * has that of the one before it plus one.
 */
export function registerNumbers(description: string): RegisterNumbers {
  const byName = new Map<string, { readonly number: number; readonly bits: number }>();
  let next = 0;
  for (const [, attributes = ""] of description.matchAll(/<reg\b([^>]*)>/g)) {
    const value = (name: string) => new RegExp(`\\b${name}\\s*=\\s*["']([^"']*)["']`).exec(attributes)?.[1];
    const number = Number(value("regnum") ?? next);
    const bits = Number(value("bitsize") ?? 32);
    const name = value("name")?.toLowerCase() ?? "";
    if (!Number.isInteger(number) || !Number.isInteger(bits)) continue;
    byName.set(OTHER_NAMES[name] ?? name, { number, bits });
    next = number + 1;
  }
  const numbers = REGISTER_NAMES.map((name) => byName.get(name)?.number);
  const all = [...byName.values()].sort((a, b) => a.number - b.number);
  const offsets = numbers.map((number) =>
    number === undefined
      ? undefined
      : all.filter((each) => each.number < number).reduce((sum, { bits }) => sum + bits / 8, 0),
  );
  return { numbers, offsets };
}
