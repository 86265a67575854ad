import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHF_ALLOC } from "#adapter/elf/constants";
import type { CopiedRange } from "#adapter/target/memory-ranges";
import { buildElf } from "#test/helpers/elf-builder";

/** Long enough for gdb to read a large sample on a slow machine. */
const LONGEST_RUN = 100_000;

/** gdb takes its commands from its command line, which has a limit. */
const MOST_PRINTS = 400;

/**
 * What gdb prints for expressions, in the order of these; undefined where it prints an error. It takes the symbols
 * from a firmware and the memory from a file that has the bytes of `ranges` as sections.
 */
export async function gdbPrints(
  gdb: string,
  { symbols, ranges }: { readonly symbols: string; readonly ranges: readonly CopiedRange[] },
  expressions: readonly string[],
): Promise<(string | undefined)[]> {
  const folder = mkdtempSync(join(tmpdir(), "pollscope-values-"));
  try {
    const memory = join(folder, "memory.elf");
    const sections = ranges.map(({ start, bytes }, i) => ({
      name: `.memory${i}`,
      flags: SHF_ALLOC,
      address: start,
      data: bytes,
    }));
    writeFileSync(memory, buildElf({ sections }));
    const printed = expressions.slice(0, MOST_PRINTS);
    const commands = [
      "set language rust",
      "set width 0",
      `symbol-file ${symbols}`,
      `exec-file ${memory}`,
      ...printed.flatMap((expression, i) => [`echo \\n@${i}`, `print ${expression}`]),
    ];
    const output = await run(gdb, ["-nx", "-q", "-batch", ...commands.flatMap((each) => ["-ex", each])]);
    const found = new Map<number, string>();
    for (const [, index, text] of output.matchAll(/^@(\d+)\$\d+ = (.*)$/gm)) found.set(Number(index), text!);
    return printed.map((_, i) => found.get(i));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(gdb: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: "C", DEBUGINFOD_URLS: "" };
  const options = { env, maxBuffer: 1 << 26, timeout: LONGEST_RUN };
  return new Promise((resolve, reject) => {
    // Its exit code tells of the last command only.
    execFile(gdb, args, options, (error, stdout, stderr) => {
      if (error === null || stdout !== "") resolve(stdout);
      else reject(new Error(stderr, { cause: error }));
    });
  });
}
