import { cp, mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BundledSample } from "./bundled-samples";

/** Where the samples lie in the debug info of the prebuilt firmware, on whichever machine it was built. */
export const BUILD_FOLDER = "/pollscope/samples";

/** What a copy of the samples leaves behind: firmware is debugged from where it came with the extension. */
const NOT_COPIED = new Set(["prebuilt", "target"]);

/**
 * Copies the samples' sources to `copy`, unless they are there: what a user has changed in a copy stays.
 * The copy appears at once, so that a copy that was interrupted is not taken for a whole one.
 */
export async function ensureCopy(bundled: string, copy: string): Promise<void> {
  if (await exists(copy)) return;
  await mkdir(dirname(copy), { recursive: true });
  const unfinished = await mkdtemp(`${copy}.`);
  await cp(bundled, unfinished, {
    recursive: true,
    filter: (source) => !NOT_COPIED.has(source.slice(bundled.length + 1)),
  });
  try {
    await rename(unfinished, copy);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another window has been faster.
    if (!(await exists(copy))) throw error;
  }
}

/**
 * The folder that holds a sample's sources as an open folder has them: the samples' folder itself, or its parent
 * where one sample is open; undefined if the open folder has nothing to do with it.
 */
export async function openedSources(sample: BundledSample, folder: string): Promise<string | undefined> {
  for (const root of [folder, dirname(folder)]) {
    if (await exists(join(root, sample.main))) return root;
  }
  return undefined;
}

/** The sources of a sample that differ from those it was built from: lines in them may not be where they were. */
export async function changedSources(
  sample: BundledSample,
  { bundled, opened }: { readonly bundled: string; readonly opened: string },
): Promise<readonly string[]> {
  const pairs = sample.sources.map(async (source) => {
    const [built, present] = await Promise.all([read(join(bundled, source)), read(join(opened, source))]);
    return built === present ? [] : [source];
  });
  return (await Promise.all(pairs)).flat();
}

/** A file's text with the line ends of any system; undefined if there is no such file. */
async function read(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, "utf8")).replaceAll("\r\n", "\n");
  } catch {
    return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
