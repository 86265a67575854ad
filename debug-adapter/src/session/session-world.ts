import type { Environment } from "../debuggee/sources/source-folders";
import { type HostClock, hostClock } from "../target/pace";

/** What a session depends on besides its client. */
export interface SessionWorld {
  /** Pollscope's own folder, with the samples. */
  readonly packageFolder: string;
  readonly environment: Environment;
  /** What the firmware's time is held to while it runs. */
  readonly clock: HostClock;
}

/** The world as this process has it. */
export function processWorld(packageFolder: string): SessionWorld {
  return { packageFolder, environment: process.env, clock: hostClock };
}
