import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A sample firmware that comes with the extension. */
export interface Sample {
  readonly name: string;
  /** The Cargo profile it was built with. */
  readonly profile: string;
  readonly description: string;
  readonly file: string;
}

/** The bundled samples, in the order in which their manifest lists them. */
export async function readSamples(folder: string): Promise<Sample[]> {
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as {
    readonly elfs: readonly Sample[];
  };
  return manifest.elfs.map(({ name, profile, description, file }) => ({
    name,
    profile,
    description,
    file: join(folder, file),
  }));
}
