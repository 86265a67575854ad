import { nanoseconds, type Nanoseconds } from "./brand";

const UNITS = [
  { name: "ns", nanoseconds: 1 },
  { name: "us", nanoseconds: 1e3 },
  { name: "ms", nanoseconds: 1e6 },
  { name: "s", nanoseconds: 1e9 },
  { name: "min", nanoseconds: 60e9 },
  { name: "h", nanoseconds: 3600e9 },
] as const;

/** A length of time as people write it: `2s`, `1.5 ms`, `250us`, `3min`; undefined if it is not of that form. */
export function parseDuration(text: string): Nanoseconds | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-zµ]+)\s*$/.exec(text);
  const unit = UNITS.find(({ name }) => name === match?.[2]?.replace("µ", "u"));
  if (match === null || unit === undefined) return undefined;
  const value = Math.round(Number(match[1]) * unit.nanoseconds);
  return Number.isSafeInteger(value) ? nanoseconds(value) : undefined;
}

/** A length of time for reading, to about four digits: `61.25 us`, `250.0 ms`, `2.000 s`. */
export function formatDuration(duration: Nanoseconds): string {
  // A unit ends where its last digit would round up to 1000.
  if (duration < 999.5) return `${Math.round(duration)} ns`;
  if (duration < 999.95e3) return `${digits(duration / 1e3)} us`;
  if (duration < 999.95e6) return `${digits(duration / 1e6)} ms`;
  return `${digits(duration / 1e9)} s`;
}

/** An instant for reading, in seconds down to the nanosecond: `3.250 034 125`. */
export function formatInstant(time: Nanoseconds): string {
  const whole = Math.floor(time / 1e9);
  const rest = String(Math.round(time - whole * 1e9)).padStart(9, "0");
  return `${whole}.${rest.slice(0, 3)} ${rest.slice(3, 6)} ${rest.slice(6)}`;
}

function digits(value: number): string {
  if (value >= 1000) return value.toFixed(0);
  return value.toFixed(value >= 100 ? 1 : value >= 10 ? 2 : 3);
}
