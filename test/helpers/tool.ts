import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, test } from "vitest";

/** External programs that tests compare with, and how to get each on Debian and its like. */
const TOOLS = {
  readelf: { package: "binutils", names: ["readelf", "arm-none-eabi-readelf"] },
  "llvm-objcopy": { package: "llvm", names: versioned("llvm-objcopy") },
  "llvm-mc": { package: "llvm", names: versioned("llvm-mc") },
  "llvm-objdump": { package: "llvm", names: versioned("llvm-objdump") },
  "llvm-dwarfdump": { package: "llvm", names: versioned("llvm-dwarfdump") },
  "gdb-multiarch": { package: "gdb-multiarch", names: ["gdb-multiarch", "arm-none-eabi-gdb"] },
  "qemu-system-arm": { package: "qemu-system-arm", names: ["qemu-system-arm"] },
  cargo: { package: "cargo", names: ["cargo"] },
  python3: { package: "python3", names: ["python3"] },
} as const;

export type ToolName = keyof typeof TOOLS;

/** Output of a tool on the largest sample is some tens of megabytes. */
const LARGEST_OUTPUT = 1 << 29;

/** The path of a tool on this machine, or undefined. */
export function findTool(name: ToolName): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const extension = process.platform === "win32" ? ".exe" : "";
  for (const candidate of TOOLS[name].names) {
    const path = folders.map((folder) => join(folder, candidate + extension)).find(isExecutable);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** What a tool prints to its standard output, in English. */
export function runTool(path: string, args: readonly string[]): string {
  const env = { ...process.env, LC_ALL: "C", LANGUAGE: "C" };
  return execFileSync(path, args, {
    encoding: "utf8",
    maxBuffer: LARGEST_OUTPUT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/**
 * `describe` for tests that need a tool. Where it is absent, one test that names it is reported as skipped, with a
 * warning; in CI (where `CI` is set) that test fails.
 */
export function describeWithTool(name: ToolName, title: string, tests: (path: string) => void): void {
  const path = findTool(name);
  if (path !== undefined) {
    describe(title, () => tests(path));
    return;
  }
  const reason = `${name} is not installed (package ${TOOLS[name].package})`;
  if (isCi()) {
    test(`${title}: ${reason}`, () => {
      throw new Error(`${reason}: CI must run every comparison`);
    });
    return;
  }
  console.warn(`SKIPPED: ${title}: ${reason}`);
  test.skip(`${title}: ${reason}`, () => undefined);
}

/** Whether tests run in continuous integration, where nothing may be missing. */
export function isCi(): boolean {
  const value = process.env["CI"] ?? "";
  return value !== "" && value !== "0" && value !== "false";
}

/** Debian installs LLVM's tools with their major version in the name, and a plain name only by a package of its own. */
function versioned(name: string): readonly string[] {
  const newest = 24;
  const oldest = 13;
  return [name, ...Array.from({ length: newest - oldest + 1 }, (_, i) => `${name}-${newest - i}`)];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
