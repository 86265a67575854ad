/** Registers that are only numbered, by their numbers in DWARF (AADWARF32 section 4.1). */
const FAMILIES: readonly { readonly first: number; readonly count: number; readonly prefix: string }[] = [
  { first: 0, count: 13, prefix: "r" },
  // Single precision, which newer compilers describe as halves of d0 to d15.
  { first: 64, count: 32, prefix: "s" },
  { first: 256, count: 32, prefix: "d" },
];

const NAMED: ReadonlyMap<number, string> = new Map([
  [13, "sp"],
  [14, "lr"],
  [15, "pc"],
  [128, "spsr"],
  [143, "ra_auth_code"],
]);

/** What an ARM register is called that DWARF knows by a number: `r4`, `sp`, `d0`. */
export function armRegisterName(register: number): string {
  const named = NAMED.get(register);
  if (named !== undefined) return named;
  const family = FAMILIES.find(({ first, count }) => register >= first && register < first + count);
  return family === undefined ? `register ${register}` : `${family.prefix}${register - family.first}`;
}
