import { type PartSpec, parsePartSpecs, pinsOf } from "../chip/parts/part-spec";

/** A part and how it is wired. */
export type { PartSpec };

/**
 * The parts that texts such as `tm1637:clk=2,dio=3` name.
 * @throws UserError that says what is wrong with which
 */
export function parseParts(texts: readonly string[]): PartSpec[] {
  return parsePartSpecs(texts);
}

/**
 * Pins that carry a protocol which a part decodes. What a person wants to see is what the part makes of it, not
 * thousands of edges.
 */
export function busPins(parts: readonly PartSpec[]): number[] {
  const decoding = parts.filter(({ kind }) => kind === "tm1637" || kind === "tmp102" || kind === "uart");
  return decoding.flatMap((part) => Object.values(pinsOf(part)));
}
