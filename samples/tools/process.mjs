// Running other programs, and errors that a person can act on.

import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** An error whose message is the whole story: what is wrong and what to do about it. */
export class BuildError extends Error {}

/** Runs a program and returns what it printed, or undefined when it cannot be run or fails. */
export function tryOutput(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, ...options });
  return result.status === 0 ? result.stdout : undefined;
}

/** Runs a program with its output on our terminal; its errors are ours. */
export function run(command, args, { remedy, ...options }) {
  const result = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  refuseFailure(result, command, args, remedy);
}

/** Runs a program as `run` does, and returns what it printed. */
export function output(command, args, { remedy, ...options }) {
  const stdio = ["ignore", "pipe", "inherit"];
  const result = spawnSync(command, args, { stdio, encoding: "utf8", maxBuffer: 1 << 28, ...options });
  refuseFailure(result, command, args, remedy);
  return result.stdout;
}

function refuseFailure({ error, status }, command, args, remedy) {
  if (error) {
    throw new BuildError(`${command} cannot be started (${error.code}): ${remedy}.`);
  }
  if (status !== 0) {
    throw new BuildError(`${command} ${args[0]} failed (see its messages above): ${remedy}.`);
  }
}

/** The full path of a program on PATH, or undefined. */
export function findProgram(name) {
  const suffixes = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const suffix of suffixes) {
      const candidate = join(folder, name + suffix);
      if (folder !== "" && isExecutable(candidate)) {
        return candidate;
      }
    }
  }
  return undefined;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
