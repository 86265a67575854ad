import type { LaunchArguments } from "#adapter/protocol/launch-arguments";

/** As in package.json under `debuggers`, and in the `when` clauses there. */
export const DEBUG_TYPE = "pollscope";

/** Whether a session debugs a board: time is the computer's there, and nobody sees what happens between two stops. */
export function isOnBoard({
  request,
  target,
}: {
  readonly request?: string;
  readonly target?: unknown;
}): boolean {
  return request === "attach" || target === "gdb";
}

/** A launch configuration as it is before it is resolved. */
export type LaunchRequest = LaunchArguments & {
  readonly type: string;
  readonly request: string;
  readonly name: string;
};
