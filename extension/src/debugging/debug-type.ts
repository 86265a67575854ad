import type { LaunchArguments } from "#adapter/protocol/launch-arguments";

/** As in package.json under `debuggers`, and in the `when` clauses there. */
export const DEBUG_TYPE = "pollscope";

/** A launch configuration as it is before it is resolved. */
export type LaunchRequest = LaunchArguments & {
  readonly type: string;
  readonly request: string;
  readonly name: string;
};
