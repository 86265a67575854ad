import type { Environment } from "../debuggee/sources/source-folders";

/** What a session depends on besides its client. */
export interface SessionWorld {
  /** Pollscope's own folder, with the samples. */
  readonly packageFolder: string;
  readonly environment: Environment;
}
