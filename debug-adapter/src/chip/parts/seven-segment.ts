/**
 * What a person reads in a pattern of lit segments: bit 0 is A at the top, then clockwise B to F, bit 6 is G in the
 * middle. Where a numeral and a letter look the same, it is the numeral: 0 and O, 1 and I, 5 and S.
 *
 *      A
 *    F   B
 *      G
 *    E   C
 *      D
 */
const READINGS: Readonly<Record<string, readonly number[]>> = {
  " ": [0x00],
  "0": [0x3f],
  "1": [0x06],
  "2": [0x5b],
  "3": [0x4f],
  "4": [0x66],
  "5": [0x6d],
  "6": [0x7d, 0x7c | 0x01, 0x5d | 0x20],
  "7": [0x07, 0x27],
  "8": [0x7f],
  "9": [0x6f, 0x67],
  "-": [0x40],
  _: [0x08],
  "=": [0x48],
  "°": [0x63],
  '"': [0x22],
  "'": [0x02, 0x20],
  A: [0x77],
  a: [0x5f],
  b: [0x7c],
  C: [0x39],
  c: [0x58],
  d: [0x5e],
  E: [0x79],
  e: [0x7b],
  F: [0x71],
  G: [0x3d],
  H: [0x76],
  h: [0x74],
  i: [0x10, 0x04],
  I: [0x30],
  J: [0x1e, 0x0e],
  j: [0x0c],
  K: [0x75],
  L: [0x38],
  l: [0x18],
  m: [0x15, 0x14 | 0x41, 0x55],
  M: [0x37],
  n: [0x54],
  o: [0x5c],
  P: [0x73],
  r: [0x50],
  t: [0x78],
  U: [0x3e],
  u: [0x1c],
  v: [0x62],
  w: [0x2a, 0x6a],
  y: [0x6e],
};

const CHARACTERS: ReadonlyMap<number, string> = new Map(
  Object.entries(READINGS).flatMap(([character, patterns]) =>
    patterns.map((pattern) => [pattern, character]),
  ),
);

/** The character of a pattern, bit 7 aside; `?` for one that means nothing. */
export function readSegments(pattern: number): string {
  return CHARACTERS.get(pattern & 0x7f) ?? "?";
}
