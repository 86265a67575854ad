import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type SampleEntry, samplesIn } from "#adapter/protocol/samples";

/** A sample firmware that comes with the extension; paths in its manifest are relative to the samples' folder. */
export interface BundledSample extends SampleEntry {
  readonly package: string;
  /** Its main source file. */
  readonly main: string;
  /** Every source file of its own. */
  readonly sources: readonly string[];
}

/** The bundled samples, in the order in which their manifest lists them. */
export async function readSamples(folder: string): Promise<readonly BundledSample[]> {
  return samplesIn(
    await readFile(join(prebuiltFolder(folder), "manifest.json"), "utf8"),
  ) as readonly BundledSample[];
}

/** The folder of the firmware files. */
export function prebuiltFolder(folder: string): string {
  return join(folder, "prebuilt");
}

/** The name by which a launch configuration asks for a sample: `blink-dev`. */
export function launchName({ name, profile }: SampleEntry): string {
  return `${name}-${profile}`;
}
