import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LaunchArguments } from "#adapter/protocol/launch-arguments";
import { type BundledSample, launchName } from "./bundled-samples";

/** A launch configuration, as `.vscode/launch.json` has it. */
export type SampleLaunch = LaunchArguments & {
  readonly type: string;
  readonly request: string;
  readonly name: string;
};

/** The configuration that a sample's own folder has for it: with what is wired to its pins and what happens to them. */
export async function sampleLaunch(sample: BundledSample, folder: string): Promise<SampleLaunch> {
  const file = join(folder, sample.package, ".vscode", "launch.json");
  const { configurations } = JSON.parse(await readFile(file, "utf8")) as {
    readonly configurations: readonly SampleLaunch[];
  };
  const found = configurations.find((each) => each.sample === launchName(sample));
  if (found === undefined) throw new Error(`${file} has no configuration for ${launchName(sample)}`);
  return found;
}
