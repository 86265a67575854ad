import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "#adapter/base/errors";
import type { CargoSurroundings } from "../cargo/build-target";
import { type CargoProject, METADATA_WORDS, parseMetadata } from "../cargo/metadata";
import { type CargoRun, cargoCandidates, runCargo } from "../cargo/run-cargo";
import { setting } from "../platform/settings";

/** How cargo is started on this machine. */
export function cargoTools(
  env: Readonly<Record<string, string>> = {},
): CargoSurroundings & Pick<CargoRun, "candidates"> {
  const environment = { ...process.env, ...env };
  const cargoHome = environment["CARGO_HOME"] ?? join(homedir(), ".cargo");
  return { environment, cargoHome, candidates: cargoCandidates(setting("cargo.path"), cargoHome) };
}

/**
 * Asks cargo what can be built in a folder.
 * @throws UserError with cargo's own words if it cannot tell
 */
export async function readProject(folder: string, signal: AbortSignal): Promise<CargoProject> {
  const lines: string[] = [];
  const notes: string[] = [];
  const code = await runCargo({
    ...cargoTools(),
    words: METADATA_WORDS,
    folder,
    signal,
    onOutputLine: (line) => lines.push(line),
    onNote: (line) => notes.push(line),
  });
  if (code === 0) return parseMetadata(lines.join("\n"), folder);
  const reason = notes.map((note) => note.replace(/^error: /, "").trim()).join(": ");
  throw new UserError(`cargo cannot read the project in ${folder} (${reason})`, "correct its Cargo.toml");
}
