import { resolve } from "node:path";
import * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import type { CargoBuild } from "#adapter/protocol/launch-arguments";
import { buildFirmware, type BuildOutcome } from "../cargo/build-firmware";
import type { BuildProgress } from "../cargo/build-progress";
import { configuredTriple, tripleToAdd } from "../cargo/build-target";
import type { CargoProgram, CargoProject } from "../cargo/metadata";
import type { Surroundings } from "../platform/surroundings";
import type { BuildDiagnostics } from "./build-diagnostics";
import { cargoTools, readProject } from "./cargo-tools";
import { chooseProgram, rememberedProgram } from "./program-choice";

export interface CargoLaunch {
  readonly request: CargoBuild;
  /** The folder that is open. */
  readonly folder: string;
  readonly diagnostics: BuildDiagnostics;
  readonly surroundings: Surroundings;
  /** Targets that will do beside the RP2040's. */
  readonly otherTriples?: readonly string[];
  /** Whether missing debug info is worth a warning: it is if not given. */
  readonly isForDebugger?: boolean;
}

/**
 * Builds what a launch configuration asks cargo for, with progress that can be cancelled.
 * @returns the ELF file; undefined if the user has cancelled, or has been told what does not compile
 * @throws UserError if there is nothing to build or to build with
 */
export async function buildForLaunch(launch: CargoLaunch): Promise<string | undefined> {
  const { request, surroundings, isForDebugger = true } = launch;
  const folder = resolve(launch.folder, request.cwd ?? "");
  const project = await readProject(folder, new AbortController().signal);
  const program = await theProgram(project, request, folder, surroundings.memory);
  if (program === undefined) return undefined;
  const outcome = await buildWithProgress(
    { ...launch, request: { ...request, ...program } },
    folder,
    project.root,
  );
  if (outcome === undefined) return undefined;
  if (outcome.kind === "built") {
    if (outcome.warning !== undefined && isForDebugger)
      void vscode.window.showWarningMessage(outcome.warning);
    return outcome.executable;
  }
  reportFailure(outcome.errors, surroundings.log);
  return undefined;
}

/** The program that the request means: the one it names, the only one, or the one that the user chooses. */
async function theProgram(
  { programs }: CargoProject,
  { package: name, bin, example }: CargoBuild,
  folder: string,
  memory: vscode.Memento,
): Promise<CargoBuild | undefined> {
  const possible = programs.filter(
    (each) =>
      (name === undefined || each.package === name) &&
      (bin === undefined || (each.kind === "bin" && each.name === bin)) &&
      (example === undefined ? each.kind === "bin" || bin !== undefined : each.name === example),
  );
  if (possible.length === 0) throw noProgram(programs, folder);
  const only = possible.length === 1 ? possible[0] : rememberedProgram(memory, folder, possible);
  const chosen = only ?? (await chooseProgram(memory, folder, possible));
  return chosen && asBuild(chosen);
}

/** What of a build request names one program. */
export function asBuild(program: CargoProgram): CargoBuild {
  const name = program.kind === "bin" ? { bin: program.name } : { example: program.name };
  return { package: program.package, ...name };
}

/** Why nothing of a project can be debugged: it has no program, or none of the name that was asked for. */
export function noProgram(programs: readonly CargoProgram[], folder: string): UserError {
  if (programs.length === 0) {
    return new UserError(
      `The project in ${folder} has no binary and no example`,
      "add a src/main.rs, or open a firmware project",
    );
  }
  const names = programs.map(({ package: name, name: program }) => `${program} of ${name}`);
  return new UserError(
    "The project has no such program as the launch configuration names under `cargo`",
    `name one of these: ${names.join(", ")}`,
  );
}

function buildWithProgress(
  { request, diagnostics, otherTriples, surroundings: { log } }: CargoLaunch,
  folder: string,
  root: string,
): Thenable<BuildOutcome | undefined> {
  const title = `Building ${request.bin ?? request.example ?? "firmware"}`;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, cancellation) => {
    const controller = new AbortController();
    cancellation.onCancellationRequested(() => controller.abort());
    const tools = cargoTools(request.env);
    const triple = tripleToAdd(await configuredTriple(folder, tools), otherTriples);
    diagnostics.clear();
    log.info(`building ${request.bin ?? request.example ?? ""} in ${folder}`);
    try {
      return await buildFirmware({
        ...tools,
        request,
        triple,
        folder,
        signal: controller.signal,
        onDiagnostic: (message) => {
          diagnostics.add(message, root);
          log.info((message.rendered ?? message.message).trimEnd());
        },
        onNote: (line) => log.info(line.trimEnd()),
        onProgress: progressReporter(progress),
      });
    } catch (error) {
      if (!controller.signal.aborted) throw error;
      log.info("the build was cancelled");
      return undefined;
    }
  });
}

/** VS Code adds up increments; cargo tells how far it is. */
function progressReporter(progress: vscode.Progress<{ message: string; increment: number }>) {
  let reported = 0;
  return ({ done, total, current }: BuildProgress) => {
    const percent = total === 0 ? 0 : (100 * done) / total;
    const what = current === "" ? "" : `: ${current}`;
    progress.report({
      message: `${done} of ${total} crates${what}`,
      increment: Math.max(0, percent - reported),
    });
    reported = Math.max(reported, percent);
  };
}

function reportFailure(errors: number, log: vscode.LogOutputChannel): void {
  const showLog = "Show Log";
  const what = errors === 0 ? "the log has what it says" : errors === 1 ? "1 error" : `${errors} errors`;
  const message = `The firmware does not build: ${what}`;
  log.error(message);
  if (errors > 0) void vscode.commands.executeCommand("workbench.actions.view.problems");
  void vscode.window.showErrorMessage(message, showLog).then((answer) => {
    if (answer === showLog) log.show();
  });
}
