import type { CoreFrame } from "#adapter/debuggee/core-frame";

/** The number of each frame as a user sees it, from 0 for the innermost; the border of an exception has none. */
export function frameNumbers(frames: readonly Pick<CoreFrame, "kind">[]): (number | undefined)[] {
  let number = 0;
  return frames.map(({ kind }) => (kind === "exception" ? undefined : number++));
}
