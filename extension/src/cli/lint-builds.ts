import { statSync } from "node:fs";
import { resolve } from "node:path";
import { type BuiltFile, judgeFindings } from "#extension/layouts/judge-findings";
import type { FutureLayout } from "#extension/layouts/layout-facts";
import { readLayouts } from "#extension/layouts/read-layouts";
import type { JudgeFindings } from "#extension/lints/linter";
import type { Output } from "./output";

export interface LintBuilds {
  /** ELF files; of a source that several were built from, the first is heard. */
  readonly elfs: readonly string[];
  /** Sources as they are on the disk, by their paths. */
  readonly sources: ReadonlyMap<string, string>;
  /** The folder of the package, which the debug info of prebuilt samples calls `/pollscope`. */
  readonly packageFolder: string;
}

/**
 * Reads builds that shall judge what is found in sources. One that is older than a source says nothing of it, and is
 * noted.
 * @throws UserError if one cannot be read, is no firmware, or has no debug info
 */
export async function judgesOf(
  { elfs, sources, packageFolder }: LintBuilds,
  output: Output,
): Promise<(file: string) => JudgeFindings | undefined> {
  const built = new Map<string, BuiltFile>();
  for (const elf of elfs) {
    const path = resolve(elf);
    const { futures } = await readLayouts({ elf: path, sourceMap: { "/pollscope": packageFolder } });
    const { mtimeMs } = statSync(path);
    for (const [file, own] of byFile(futures)) {
      const text = sources.get(file);
      if (text === undefined || built.has(file)) continue;
      if (statSync(file).mtimeMs > mtimeMs) {
        output.note(`${file} is newer than ${elf}, which therefore says nothing of it`);
      } else {
        built.set(file, { file, builtText: text, futures: own });
      }
    }
  }
  return (file) => {
    const each = built.get(file);
    return each && ((found) => judgeFindings(found, each));
  };
}

function byFile(futures: readonly FutureLayout[]): Map<string, FutureLayout[]> {
  const found = new Map<string, FutureLayout[]>();
  for (const each of futures) {
    if (each.place === null) continue;
    const own = found.get(each.place.file) ?? [];
    found.set(each.place.file, own);
    own.push(each);
  }
  return found;
}
