import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** The command line ended without having done what it was asked to; the message is the sentence it ended with. */
export class CommandLineError extends Error {
  override readonly name = "CommandLineError";
}

interface CommandLineRun {
  /** The bundled program: `dist/pollscope.js`. */
  readonly program: string;
  readonly words: readonly string[];
  /** Ends the program; the promise then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Takes every line that the program writes about its work. */
  readonly onNote: (line: string) => void;
}

/** What the command line puts before the sentence that says why it gives up. */
const SENTENCE = /^pollscope: (.*)$/;

/**
 * Runs Pollscope's command line in a process of its own, with VS Code's own Node and without a shell.
 * @throws CommandLineError if it fails
 */
export async function runCommandLine({ program, words, signal, onNote }: CommandLineRun): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [program, ...words], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1", NO_COLOR: "1" },
    stdio: ["ignore", "ignore", "pipe"],
    windowsHide: true,
    signal,
  });
  let sentence: string | undefined;
  createInterface(child.stderr).on("line", (line) => {
    sentence = SENTENCE.exec(line)?.[1] ?? sentence;
    if (line.trim() !== "") onNote(line);
  });
  const end = await ended(child);
  signal.throwIfAborted();
  if (end.code === 0) return;
  const how =
    end.code === null ? `was ended by ${end.signal ?? "a signal"}` : `ended with exit code ${end.code}`;
  throw new CommandLineError(sentence ?? `The command line ${how}; Pollscope's log has what it said`);
}

/** How a process ends, once all it has written has arrived. */
function ended(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    // An abort is an "error" too; the process still closes after it, and only then are its files let go.
    child.once("error", (error) => {
      if (child.pid === undefined) reject(error);
    });
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}
