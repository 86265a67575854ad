// What there is to build: asked of cargo, so that a new sample needs no entry here.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

import { BuildError, tryOutput } from "./process.mjs";

/**
 * @typedef {object} Program one firmware that is built
 * @property {string} name the name of the cargo binary, unique over all samples
 * @property {string} package
 * @property {string} folder of its package
 * @property {string} description
 * @property {string} main its main source file
 * @property {string[]} sources every Rust file of its package and of the local crates it uses
 * @property {('dev' | 'release')[]} committed the profiles kept in `prebuilt`
 */

/** @returns {{ programs: Program[], crates: Record<string, string> }} */
export function readWorkspace(folder) {
  const printed = tryOutput(
    "cargo",
    ["metadata", "--format-version=1", "--locked", "--filter-platform=thumbv6m-none-eabi"],
    {
      cwd: folder,
    },
  );
  if (printed === undefined) {
    throw new BuildError(`cargo cannot read ${folder}: run "cargo metadata --locked" there to see why.`);
  }
  const metadata = JSON.parse(printed);
  const byId = new Map(metadata.packages.map((found) => [found.id, found]));
  const members = metadata.workspace_members.map((id) => byId.get(id));

  const programs = members.flatMap((member) =>
    member.targets
      .filter((target) => target.kind.includes("bin"))
      .map((target) => ({
        name: target.name,
        package: member.name,
        folder: dirname(member.manifest_path),
        description: member.description ?? "",
        main: target.src_path,
        sources: localCrates(member, metadata).flatMap((crate) => rustFiles(dirname(crate.manifest_path))),
        committed: committedProfiles(member, target.name),
      })),
  );
  programs.sort((a, b) => compare(a.name, b.name));
  return { programs, crates: versions(metadata, byId) };
}

/** The profiles to commit: release, and those that `package.metadata.pollscope.dev` asks for. */
function committedProfiles(member, binary) {
  const dev = member.metadata?.pollscope?.dev ?? [];
  return dev.includes(binary) ? ["dev", "release"] : ["release"];
}

function localCrates(member, metadata) {
  const crates = [member];
  for (const crate of crates) {
    for (const dependency of crate.dependencies) {
      const found = metadata.packages.find(
        (other) => other.name === dependency.name && other.source === null,
      );
      if (dependency.path !== undefined && found !== undefined && !crates.includes(found)) {
        crates.push(found);
      }
    }
  }
  return crates;
}

function rustFiles(folder) {
  return readdirSync(join(folder, "src"), { recursive: true })
    .filter((name) => name.endsWith(".rs"))
    .map((name) => join(folder, "src", name))
    .sort(compare);
}

/** Versions of all crates that are linked in, without build scripts' and macros' own crates. */
function versions(metadata, byId) {
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
  const linked = new Set(metadata.workspace_members);
  for (const id of linked) {
    for (const dependency of nodes.get(id).deps) {
      const isLinked = dependency.dep_kinds.some(({ kind }) => kind === null);
      const isMacro = byId.get(dependency.pkg).targets.some((target) => target.kind.includes("proc-macro"));
      if (isLinked && !isMacro) {
        linked.add(dependency.pkg);
      }
    }
  }
  const entries = [...linked]
    .map((id) => byId.get(id))
    .filter((crate) => crate.source !== null)
    .map((crate) => [crate.name, crate.version])
    .sort(([a, av], [b, bv]) => compare(a, b) || compare(av, bv));
  const result = {};
  for (const [name, version] of entries) {
    result[name] = name in result ? `${result[name]}, ${version}` : version;
  }
  return result;
}

/**
 * A hash of everything of ours that goes into a program. It is the same on
 * every machine, so a test can tell without a compiler that a committed ELF is stale.
 */
export function sourceHash(program, workspace) {
  const shared = ["Cargo.toml", "Cargo.lock", "memory.x", "build.rs"].map((name) => join(workspace, name));
  const manifests = [...new Set(program.sources.map((file) => join(packageFolder(file), "Cargo.toml")))];
  const files = [...new Set([...shared.filter(existsSync), ...manifests, ...program.sources])];
  const hash = createHash("sha256");
  for (const file of files.sort(compare)) {
    hash.update(`${neutral(relative(workspace, file))}\0`);
    hash.update(`${readFileSync(file, "utf8").replaceAll("\r\n", "\n")}\0`);
  }
  return hash.digest("hex");
}

function packageFolder(file) {
  let folder = dirname(file);
  while (!existsSync(join(folder, "Cargo.toml"))) {
    folder = dirname(folder);
  }
  return folder;
}

/** A relative path with forward slashes on every system. */
export function neutral(path) {
  return path.split(sep).join("/");
}

export function sizeOf(file) {
  return statSync(file).size;
}

/** Order that does not depend on the language of the machine. */
export function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
