/** A sample firmware that comes with Pollscope, as the manifest beside the prebuilt files lists it. */
export interface SampleEntry {
  readonly name: string;
  /** The Cargo profile it was built with. */
  readonly profile: string;
  readonly description: string;
  /** Its name in the manifest's folder. */
  readonly file: string;
}

/** The samples that a manifest lists, in its order. */
export function samplesIn(manifest: string): readonly SampleEntry[] {
  return (JSON.parse(manifest) as { readonly elfs: readonly SampleEntry[] }).elfs;
}

/** A sample by its name; `blink` is its build for debugging where there is one, `blink-release` that very build. */
export function sampleNamed(samples: readonly SampleEntry[], name: string): SampleEntry | undefined {
  const exact = samples.find((each) => `${each.name}-${each.profile}` === name);
  const builds = samples.filter((each) => each.name === name);
  return exact ?? builds.find(({ profile }) => profile === "dev") ?? builds[0];
}
