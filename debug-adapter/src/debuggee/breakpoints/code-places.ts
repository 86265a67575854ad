import type { Address } from "../../base/brand";
import type { TargetCapabilities } from "../../target/target";

/** What a step needs to get past a call. */
const KEPT_FOR_STEPS = 1;

/**
 * Why a breakpoint at some addresses cannot be set beside those that are; undefined if it can. A core has few
 * comparators, and each address takes one.
 */
export function lackOfPlaces(
  wanted: readonly Address[],
  taken: ReadonlySet<Address>,
  { codePlaces }: TargetCapabilities,
): string | undefined {
  if (codePlaces === undefined) return undefined;
  const more = wanted.filter((at) => !taken.has(at)).length;
  const most = codePlaces - KEPT_FOR_STEPS;
  if (taken.size + more <= most) return undefined;
  const needs = `it takes ${more} ${more === 1 ? "place" : "places"} in the code`;
  return `${needs}, and of the ${most} that the board's core can watch beside a step ${most - taken.size} are free; take other breakpoints away`;
}
