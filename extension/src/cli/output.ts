import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Problem } from "#adapter/base/errors";
import type { TextStyle } from "./text/style";

/** Where a command writes: results to `write`, everything a person is told besides to `note`. */
export interface Output {
  readonly style: TextStyle;
  /** Writes lines to standard output; resolves when the stream takes more. */
  write(text: string): Promise<void>;
  /** Writes a line to standard error. */
  note(line: string): void;
  /** Shows how far a long run is, on a terminal only; the next line replaces it. */
  progress(line: string): void;
  /** Whether results still arrive anywhere: false once the reader of a pipe has gone (`| head`). */
  readonly isOpen: boolean;
}

/** Tells what of the input could not be understood, or went wrong in the machine. */
export function noteProblems(output: Output, problems: readonly Problem[]): void {
  for (const { where, what } of problems) output.note(`${where}: ${what}`);
}

/** An output on two streams. `isTerminal` tells whether the error stream can show progress. */
export function streamOutput(out: Writable, error: Writable & { isTTY?: boolean }, style: TextStyle): Output {
  let isOpen = true;
  let hasProgress = false;
  const fail = (cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EPIPE") throw cause;
    isOpen = false;
  };
  out.on("error", fail);
  const clearProgress = () => {
    if (hasProgress) error.write("\r\u001b[K");
    hasProgress = false;
  };
  return {
    style,
    get isOpen() {
      return isOpen;
    },
    async write(text) {
      if (!isOpen || text === "") return;
      clearProgress();
      if (!out.write(text))
        await Promise.race([once(out, "drain"), once(out, "close"), once(out, "error")]).catch(fail);
    },
    note(line) {
      clearProgress();
      error.write(`${line}\n`);
    },
    progress(line) {
      if (error.isTTY !== true) return;
      error.write(`\r\u001b[K${style.dim(line)}`);
      hasProgress = true;
    },
  };
}
