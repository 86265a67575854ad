import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { SourceFolders } from "./source-locator";

/** What the folders of cargo and rustup are found by: environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where sources are on this machine, as far as cargo and rustup keep to their customs. */
export function sourceFolders(
  firmware: string,
  sourceMap: Readonly<Record<string, string>>,
  environment: Environment,
): SourceFolders {
  const home = environment["HOME"] ?? environment["USERPROFILE"];
  const cargoHome = environment["CARGO_HOME"] ?? (home && join(home, ".cargo"));
  const rustupHome = environment["RUSTUP_HOME"] ?? (home && join(home, ".rustup"));
  const toolchains = rustupHome === undefined ? [] : foldersIn(join(rustupHome, "toolchains"));
  return {
    sourceMap,
    firmware,
    registries: cargoHome === undefined ? [] : foldersIn(join(cargoHome, "registry", "src")),
    rustSources: toolchains.map((toolchain) => join(toolchain, "lib", "rustlib", "src", "rust")),
    exists: existsSync,
  };
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => join(folder, name));
  } catch {
    // There is none: Rust is not installed here, or elsewhere.
    return [];
  }
}
