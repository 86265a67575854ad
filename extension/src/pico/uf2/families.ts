import { type Chip, RP2040, RP2350 } from "../chip";

/** What a UF2 block is for, by the names that picotool gives them. */
export type Family = "rp2040" | "absolute" | "data" | "rp2350-arm-s" | "rp2350-riscv" | "rp2350-arm-ns";

/** The numbers in UF2 files (pico-sdk, `boot/uf2.h`). */
export const FAMILY_IDS: Readonly<Record<Family, number>> = {
  rp2040: 0xe48b_ff56,
  absolute: 0xe48b_ff57,
  data: 0xe48b_ff58,
  "rp2350-arm-s": 0xe48b_ff59,
  "rp2350-riscv": 0xe48b_ff5a,
  "rp2350-arm-ns": 0xe48b_ff5b,
};

export const FAMILIES = Object.keys(FAMILY_IDS) as readonly Family[];

/** The family of a number, or undefined for one of other chips. */
export function familyOf(id: number): Family | undefined {
  return FAMILIES.find((family) => FAMILY_IDS[family] === id);
}

/** The chip whose boot ROM takes blocks of a family. `absolute` and `data` are the RP2350's, too. */
export function chipOf(family: Family): Chip {
  return family === "rp2040" ? RP2040 : RP2350;
}
