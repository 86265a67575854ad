import type { WhyBody } from "#adapter/protocol/custom-requests";

/** The verdict of a chain, unless its last step says it already. */
export function unsaidVerdict({ verdict, steps }: WhyBody): string | undefined {
  return steps.at(-1)?.text.includes(verdict) === true ? undefined : verdict;
}
