import type { Environment } from "../debuggee/sources/source-folders";
import { type HostClock, hostClock } from "../target/pace";

/** What a session depends on besides its client. */
export interface SessionWorld {
  /** Pollscope's own folder, with the samples. */
  readonly packageFolder: string;
  readonly environment: Environment;
  /** What the firmware's time is held to while it runs. */
  readonly clock: HostClock;
  /** Milliseconds after which a gdb server that says nothing is given up; without, as long as probes may need. */
  readonly patience?: number;
}

/** The world as this process has it. */
export function processWorld(packageFolder: string): SessionWorld {
  return { packageFolder, environment: process.env, clock: hostClock };
}
