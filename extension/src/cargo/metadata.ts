import { join } from "node:path";
import { UserError } from "#adapter/base/errors";
import { isWithin } from "./paths";

/** A binary or an example of the project: what can be built and debugged. */
export interface CargoProgram {
  readonly package: string;
  readonly kind: "bin" | "example";
  readonly name: string;
  /** Its main source file. */
  readonly source: string;
}

/** What `cargo metadata --no-deps` tells of a project. */
export interface CargoProject {
  /** The folder to which the compiler's messages are relative. */
  readonly root: string;
  /** The folder in which cargo puts what it builds. */
  readonly targetDirectory: string;
  readonly programs: readonly CargoProgram[];
}

interface Metadata {
  readonly workspace_root: string;
  readonly target_directory?: string;
  readonly workspace_default_members?: readonly string[];
  readonly packages: readonly Package[];
}

interface Package {
  readonly id: string;
  readonly name: string;
  readonly manifest_path: string;
  readonly targets: readonly {
    readonly kind: readonly string[];
    readonly name: string;
    readonly src_path: string;
  }[];
}

/** The words after `cargo` that ask for what `parseMetadata` reads. */
export const METADATA_WORDS = ["metadata", "--no-deps", "--format-version", "1"];

/**
 * The programs of a project as they matter in `folder`: those of the packages in it, or of the whole workspace where
 * it is a folder within one package.
 * @throws UserError if `text` is not what cargo prints
 */
export function parseMetadata(text: string, folder: string): CargoProject {
  const metadata = parse(text);
  const { workspace_root: root, packages, workspace_default_members: defaults } = metadata;
  const within = packages.filter(({ manifest_path: manifest }) => isWithin(manifest, folder));
  const chosen = within.length > 0 ? within : packages.filter(({ id }) => defaults?.includes(id) ?? true);
  const targetDirectory = metadata.target_directory ?? join(root, "target");
  return { root, targetDirectory, programs: chosen.flatMap(programsOf) };
}

function programsOf({ name, targets }: Package): CargoProgram[] {
  return targets.flatMap(({ kind, name: program, src_path: source }) => {
    const found = (["bin", "example"] as const).find((each) => kind.includes(each));
    return found === undefined ? [] : [{ package: name, kind: found, name: program, source }];
  });
}

function parse(text: string): Metadata {
  try {
    const metadata = JSON.parse(text) as Partial<Metadata> | null;
    if (typeof metadata?.workspace_root === "string" && Array.isArray(metadata.packages)) {
      return metadata as Metadata;
    }
  } catch {
    // What is no JSON is refused in the same words.
  }
  throw new UserError(
    "`cargo metadata` has printed something else than metadata",
    "run it in a terminal to see what",
  );
}
