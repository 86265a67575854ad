import { spawnSync } from "node:child_process";

/** Several times what any group takes on an idle machine. */
const PATIENCE_SECONDS = 60;

/**
 * Runs this program with other arguments in a process of its own, and returns what it prints.
 * Undefined if it failed, or has not ended in good time; the reason is printed.
 */
export function runAlone(args: readonly string[]): string | undefined {
  const { stdout, status, signal } = spawnSync(process.execPath, ["--expose-gc", process.argv[1]!, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    timeout: PATIENCE_SECONDS * 1000,
    killSignal: "SIGKILL",
  });
  if (status === 0) return stdout;
  const reason = signal === null ? "failed" : `has not ended within ${PATIENCE_SECONDS} s`;
  process.stdout.write(`${args.join(" ")}: ${reason}\n`);
  process.exitCode = 1;
  return undefined;
}
