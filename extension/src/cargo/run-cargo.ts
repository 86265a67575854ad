import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { UserError } from "#adapter/base/errors";

export interface CargoRun {
  /** The programs to try, the likeliest first. */
  readonly candidates: readonly string[];
  readonly words: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ends cargo and the compilers it has started; the promise then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onOutputLine: (line: string) => void;
  /** Takes what cargo says to people, a line at a time; its progress bar comes as lines, too. */
  readonly onNote: (line: string) => void;
}

/**
 * Where cargo may be: where the user says; else on the path, or where rustup puts it, which a VS Code that was
 * started from a menu often does not have on its path.
 */
export function cargoCandidates(setting: string, cargoHome: string): readonly string[] {
  return setting === "" ? ["cargo", join(cargoHome, "bin", "cargo")] : [setting];
}

/**
 * Runs cargo without a shell.
 * @returns its exit code
 * @throws UserError if there is no cargo
 */
export async function runCargo(run: CargoRun): Promise<number> {
  run.signal.throwIfAborted();
  if (!existsSync(run.folder)) {
    throw new UserError(
      `There is no folder ${run.folder} to build in`,
      "check `cwd` of the launch configuration",
    );
  }
  for (const candidate of run.candidates) {
    const code = await end(start(candidate, run), run.signal);
    if (code !== undefined) return code;
  }
  throw new UserError(
    `There is no cargo here (tried ${run.candidates.join(" and ")})`,
    "install Rust from https://rustup.rs, or set pollscope.cargo.path",
  );
}

function start(program: string, run: CargoRun) {
  const child = spawn(program, run.words, {
    cwd: run.folder,
    env: run.environment,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
    // The compilers that cargo starts end with it only if they can be ended as a group.
    detached: process.platform !== "win32",
  });
  createInterface(child.stdout).on("line", run.onOutputLine);
  // A progress bar overwrites its line: readline takes a carriage return for an end of line.
  createInterface(child.stderr).on("line", (line) => {
    if (line.trim() !== "") run.onNote(line);
  });
  return child;
}

/** The exit code, once all that was written has arrived; undefined if there is no such program. */
async function end(child: ChildProcess, signal: AbortSignal): Promise<number | undefined> {
  const kill = () => endGroup(child);
  signal.addEventListener("abort", kill);
  try {
    return await new Promise<number | undefined>((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => {
        if (child.pid !== undefined) return;
        if (error.code === "ENOENT") resolve(undefined);
        else
          reject(new UserError(`cargo cannot be started (${error.message})`, "check pollscope.cargo.path"));
      });
      child.once("close", (code) => {
        if (signal.aborted) reject(signal.reason as Error);
        else resolve(code ?? 1);
      });
    });
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || process.platform === "win32") {
    child.kill();
    return;
  }
  try {
    process.kill(-child.pid, "SIGTERM");
  } catch {
    // It has ended by itself in the meantime.
  }
}
