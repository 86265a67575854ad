import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";

const BUNDLE = resolve("dist/pollscope.js");

/** What a command has printed, and its exit status. */
export interface Finished {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs the built command line as a user would, without a terminal. Colours are as `environment` says. */
export async function pollscope(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const child = startPollscope(words, environment);
  const [out, error, status] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    new Promise<number | null>((done) => child.once("close", done)),
  ]);
  return { status, out, error };
}

/** The same as a process that a test can listen to. */
export function startPollscope(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  build();
  const inherited = Object.entries(process.env).filter(([name]) => !/^(NO|FORCE)_COLOR$/.test(name));
  return spawn(process.execPath, [BUNDLE, ...words], {
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** `npm test` has built it before; a test that runs alone may have to. */
function build(): void {
  buildBundle("pollscope");
}

/** Builds a bundle unless it is there; `npm test` builds all of them first. */
export function buildBundle(name: "pollscope" | "debug-adapter"): void {
  if (existsSync(resolve(`dist/${name}.js`))) return;
  const webpack = ["node_modules/webpack/bin/webpack.js", "--mode", "production", "--config-name", name];
  execFileSync(process.execPath, webpack, { stdio: "ignore" });
}
