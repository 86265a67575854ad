import type { EmbassyLayout } from "../../../executor/embassy/layout";
import type { StepFrame } from "../step-stack";
import { callersOf, type Standing } from "./standing";

/** The frame of the innermost function of an executor that polls a task. */
export function pollFrameOf({ frames }: Standing, { pollFunctions }: EmbassyLayout): StepFrame | undefined {
  return frames.find(
    ({ scope }) => scope.parent === undefined && pollFunctions.includes(scope.owner.address),
  );
}

/** Where control returns to when the poll of a task ends: behind the call of the function that polls it. */
export function pollEndOf(here: Standing, embassy: EmbassyLayout): StepFrame | undefined {
  const poll = pollFrameOf(here, embassy);
  if (poll === undefined) return undefined;
  const functions = callersOf({ ...here, owner: undefined });
  return functions[functions.indexOf(poll) + 1];
}
