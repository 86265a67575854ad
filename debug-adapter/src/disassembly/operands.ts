/** Registers by number, as UAL writes them. */
const NAMES = [
  "r0",
  "r1",
  "r2",
  "r3",
  "r4",
  "r5",
  "r6",
  "r7",
  "r8",
  "r9",
  "r10",
  "r11",
  "r12",
  "sp",
  "lr",
  "pc",
];

/** The register in the low four bits of a number. */
export function register(number: number): string {
  return NAMES[number & 15]!;
}

/** The register in three bits of an encoding, from bit `shift` on. */
export function lowRegister(encoding: number, shift: number): string {
  return register((encoding >>> shift) & 7);
}

/** `{r0, r1, lr}`: bit n of the mask stands for register n. */
export function registerList(mask: number): string {
  return `{${NAMES.filter((_, number) => (mask >>> number) & 1).join(", ")}}`;
}

/** `[r0, #4]`, or `[r0]` without an offset. */
export function offsetFrom(base: string, offset: number): string {
  return offset === 0 ? `[${base}]` : `[${base}, #${offset}]`;
}

/** A number of some bits in two's complement. */
export function signed(value: number, bits: number): number {
  const shift = 32 - bits;
  return (value << shift) >> shift;
}
