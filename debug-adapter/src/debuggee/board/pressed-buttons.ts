import { type PartSpec, parsePartSpec } from "../../chip/parts/part-spec";
import type { TimedInput } from "../../target/emulated-target";

/** The parts, and a button to ground on each pin that is pressed and is never wired to one. */
export function withPressedButtons(parts: readonly PartSpec[], inputs: readonly TimedInput[]): PartSpec[] {
  const pressed = new Set(inputs.flatMap(({ input }) => (input.kind === "press" ? [input.pin] : [])));
  const wiredLater = inputs.flatMap(({ input }) => (input.kind === "wire" ? [input.part] : []));
  const wired = new Set(
    [...parts, ...wiredLater].flatMap((part) => (part.kind === "button" ? [part.pin] : [])),
  );
  const missing = [...pressed].filter((pin) => !wired.has(pin));
  return [...parts, ...missing.map((pin) => parsePartSpec(`button:pin=${pin}`))];
}
