const UNITS = [
  { name: "s", nanoseconds: 1_000_000_000n, digits: 9 },
  { name: "ms", nanoseconds: 1_000_000n, digits: 6 },
  { name: "us", nanoseconds: 1000n, digits: 3 },
] as const;

/** A length of time to the last nanosecond, in the largest unit of which there is one: `1.5 s`, `61.25 us`. */
export function exactDuration(nanoseconds: bigint): string {
  const unit = UNITS.find((each) => nanoseconds >= each.nanoseconds);
  if (unit === undefined) return `${nanoseconds} ns`;
  const rest = (nanoseconds % unit.nanoseconds).toString().padStart(unit.digits, "0").replace(/0+$/, "");
  return `${nanoseconds / unit.nanoseconds}${rest === "" ? "" : `.${rest}`} ${unit.name}`;
}
