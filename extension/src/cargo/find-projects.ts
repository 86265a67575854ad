import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type CargoSurroundings, configuredTriple, PICO_TRIPLE } from "./build-target";
import { isWithin } from "./paths";

/**
 * The folder of the cargo project that a file of an open folder belongs to: the open folder itself if it is one (a
 * workspace's members are built from there), else the nearest with a Cargo.toml around the file.
 */
export function projectOf(file: string, openFolder: string): string | undefined {
  if (isProject(openFolder)) return openFolder;
  if (!isWithin(file, openFolder)) return undefined;
  for (let folder = dirname(file); isWithin(folder, openFolder); folder = dirname(folder)) {
    if (isProject(folder)) return folder;
  }
  return undefined;
}

/**
 * Those of some folders that are cargo projects for the Pico: whose own configuration names its target, else those
 * where nothing names a target. If there are neither, all that are projects, so that what is wrong can be said.
 */
export async function picoProjects(
  folders: readonly string[],
  surroundings: CargoSurroundings,
): Promise<readonly string[]> {
  const projects = folders.filter(isProject);
  const triples = await Promise.all(projects.map((folder) => tripleOf(folder, surroundings)));
  const buildingFor = (triple: string | undefined) => projects.filter((_, i) => triples[i] === triple);
  return [buildingFor(PICO_TRIPLE), buildingFor(undefined), projects].find(({ length }) => length > 0) ?? [];
}

function isProject(folder: string): boolean {
  return existsSync(join(folder, "Cargo.toml"));
}

async function tripleOf(folder: string, surroundings: CargoSurroundings): Promise<string | undefined> {
  try {
    return await configuredTriple(folder, surroundings);
  } catch {
    // What is wrong with the configuration is told when this project is the one that is built.
    return undefined;
  }
}
