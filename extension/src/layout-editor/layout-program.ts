import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BuiltProgram } from "../layouts/built-programs";
import { type BundledSample, prebuiltFolder } from "../samples/bundled-samples";
import { BUILD_FOLDER } from "../samples/sample-sources";

/** A program whose layouts can be shown. */
export interface LayoutProgram {
  readonly elf: string;
  /** What it is called to the user: `blink, release`. */
  readonly label: string;
  /** Beginnings of paths in its debug info, and what stands in their place on this machine. */
  readonly sourceMap: Readonly<Record<string, string>>;
  /** The files that it was built from; null where that is not known. */
  readonly sources: readonly string[] | null;
  /** Whether it is for a microcontroller; others cannot be read, and say so. */
  readonly isFirmware: boolean;
  /** When it was linked, in milliseconds since 1970. */
  readonly modified: number;
  /** The text that a source had when the program was built; undefined where that cannot be told any more. */
  readonly builtText: (file: string) => Promise<string | undefined>;
}

/** Texts of sources as programs were built from them: known as long as the source is older, and remembered. */
export class BuiltTexts {
  private readonly kept = new Map<string, { readonly modified: number; readonly text: string }>();

  /** The text that a source had when the program was linked, if it has been seen since, and before it was changed. */
  async of(
    file: string,
    { elf, modified }: Pick<LayoutProgram, "elf" | "modified">,
  ): Promise<string | undefined> {
    const key = `${elf}\n${file}`;
    try {
      const isOlder = (await stat(file)).mtimeMs <= modified;
      if (isOlder) this.kept.set(key, { modified, text: await readFile(file, "utf8") });
    } catch {
      // It is gone; its text may still be known.
    }
    const known = this.kept.get(key);
    return known?.modified === modified ? known.text : undefined;
  }
}

/** A program that cargo has built in this workspace. */
export function builtLayoutProgram(program: BuiltProgram, texts: BuiltTexts): LayoutProgram {
  const { elf, name, profile, isFirmware, modified, sources } = program;
  return {
    elf,
    label: `${name}, ${profile}`,
    sourceMap: {},
    sources,
    isFirmware,
    modified,
    builtText: (file) => texts.of(file, program),
  };
}

/**
 * A bundled sample, whose firmware comes with the extension.
 * @param bundled the folder of the samples
 * @param opened the folder with the sources that are open: those, or a copy
 */
export function sampleLayoutProgram(sample: BundledSample, bundled: string, opened: string): LayoutProgram {
  return {
    elf: join(prebuiltFolder(bundled), sample.file),
    label: `${sample.name}, ${sample.profile} (sample)`,
    sourceMap: { [BUILD_FOLDER]: opened },
    sources: sample.sources.map((source) => join(opened, source)),
    isFirmware: true,
    // Whatever is built from the same sources is newer.
    modified: 0,
    builtText: async (file) => {
      const source = sample.sources.find((each) => join(opened, each) === file);
      return source === undefined
        ? undefined
        : readFile(join(bundled, source), "utf8").catch(() => undefined);
    },
  };
}
