import { spawn } from "node:child_process";
import type { ProgramEnd, ProgramRun } from "./computer";

/** How long a program that was asked to end may take, in milliseconds, before it is killed. */
const PATIENCE = 3000;

/** Runs a program without a shell, its standard input closed. */
export function runProgram({ program, words, signal, onLine }: ProgramRun): Promise<ProgramEnd | undefined> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const child = spawn(program, words, {
      // Colours and pagers are for people.
      env: { ...process.env, NO_COLOR: "1", TERM: "dumb" },
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    const take = lineTaker((line) => {
      lines.push(line);
      onLine?.(line);
    });
    child.stdout.setEncoding("utf8").on("data", take.push);
    child.stderr.setEncoding("utf8").on("data", take.push);
    let killer: NodeJS.Timeout | undefined;
    const end = () => {
      child.kill("SIGTERM");
      killer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    };
    signal.addEventListener("abort", end);
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return;
      signal.removeEventListener("abort", end);
      if (error.code === "ENOENT") resolve(undefined);
      else reject(error);
    });
    child.once("close", (status) => {
      signal.removeEventListener("abort", end);
      clearTimeout(killer);
      take.finish();
      if (signal.aborted) reject(signal.reason as Error);
      else resolve({ status, lines });
    });
  });
}

/** What a program writes to its standard output, until it ends or is cancelled. */
export async function* streamProgram({
  program,
  words,
  signal,
}: Pick<ProgramRun, "program" | "words" | "signal">): AsyncGenerator<Uint8Array> {
  if (signal.aborted) return;
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "ignore"], windowsHide: true });
  // Without a process there is no output, and the stream ends.
  child.once("error", () => child.stdout.destroy());
  const end = () => child.kill("SIGTERM");
  signal.addEventListener("abort", end);
  try {
    for await (const bytes of child.stdout) yield bytes as Uint8Array;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

/** Cuts text into lines; a progress bar ends its line with a carriage return. */
function lineTaker(onLine: (line: string) => void) {
  let pending = "";
  return {
    push: (text: string) => {
      const pieces = (pending + text).split(/\r\n|[\r\n]/);
      pending = pieces.pop() ?? "";
      for (const line of pieces) if (line.trim() !== "") onLine(line);
    },
    finish: () => {
      if (pending.trim() !== "") onLine(pending);
      pending = "";
    },
  };
}
