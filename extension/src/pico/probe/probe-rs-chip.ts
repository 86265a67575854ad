import type { Chip } from "../chip";
import type { Family } from "../uf2/families";

/** What probe-rs calls the core that a program is for. */
export function probeRsChip(chip: Chip, family: Family): string {
  if (chip.name === "RP2040") return "RP2040";
  return family === "rp2350-riscv" ? "RP235x_riscv" : "RP235x";
}
