import { existsSync } from "node:fs";

/** One ELF of a program. */
export interface FirmwareBuild {
  readonly profile: "dev" | "release";
  /** Committed, or built just now by `npm run samples -- --check`. */
  readonly origin: "prebuilt" | "fresh";
  readonly path: string;
}

const FOLDERS = { samples: "samples/prebuilt", test: "test/firmware/prebuilt" } as const;

/** Where `npm run samples -- --check` puts what it has built, under the same paths. */
const FRESH_FOLDER = "samples/target/check";

/**
 * The ELFs of a program that are there: those of the repository, and fresh ones where somebody has built them.
 * Facts must hold for all. Their bytes may differ: another compiler is no fault.
 */
export function buildsOf(name: string, kind: keyof typeof FOLDERS = "samples"): FirmwareBuild[] {
  const found = (["prebuilt", "fresh"] as const).flatMap((origin) =>
    (["dev", "release"] as const).map((profile) => {
      const committed = `${FOLDERS[kind]}/${name}-${profile}.elf`;
      return { profile, origin, path: origin === "fresh" ? `${FRESH_FOLDER}/${committed}` : committed };
    }),
  );
  const builds = found.filter(({ path }) => existsSync(path));
  if (builds.length === 0) throw new Error(`There is no ELF of ${name}: npm run samples`);
  return builds;
}

/** Whether a freshly built set is there. */
export function hasFreshBuilds(): boolean {
  return existsSync(`${FRESH_FOLDER}/${FOLDERS.samples}/manifest.json`);
}
