import { existsSync } from "node:fs";
import { basename, isAbsolute, join, resolve } from "node:path";
import * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import type { CargoBuild } from "#adapter/protocol/launch-arguments";
import { sampleNamed } from "#adapter/protocol/samples";
import { readSamples } from "../samples/bundled-samples";
import { BUILD_FOLDER, changedSources, ensureCopy, openedSources } from "../samples/sample-sources";
import { withFindingSettings } from "../findings/finding-settings";
import { showError } from "../platform/show-error";
import type { Surroundings } from "../platform/surroundings";
import { refuseToRunWhenRestricted } from "../platform/trust";
import type { BuildDiagnostics } from "./build-diagnostics";
import { asBuild, buildForLaunch } from "./cargo-launch";
import { readProject } from "./cargo-tools";
import { DEBUG_TYPE, type LaunchRequest } from "./debug-type";
import { chosenProject } from "./project-choice";

/** Makes launch configurations where there are none, and builds what they ask for. */
export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  constructor(
    private readonly diagnostics: BuildDiagnostics,
    private readonly surroundings: Surroundings,
  ) {}

  /** What VS Code offers under the debugger's name, and writes into a new launch.json: one for each program. */
  async provideDebugConfigurations(
    folder: vscode.WorkspaceFolder | undefined,
    cancellation?: vscode.CancellationToken,
  ): Promise<vscode.DebugConfiguration[]> {
    if (folder === undefined || !isCargoProject(folder) || !vscode.workspace.isTrusted) return [];
    const controller = new AbortController();
    cancellation?.onCancellationRequested(() => controller.abort());
    try {
      const { programs } = await readProject(folder.uri.fsPath, controller.signal);
      return programs.map((program) => ({
        type: DEBUG_TYPE,
        request: "launch",
        name: `Debug ${program.name} on an emulated Pico`,
        cargo: asBuild(program),
      }));
    } catch (error) {
      if (error instanceof UserError) this.surroundings.log.warn(error.message);
      return [];
    }
  }

  /** F5 without a configuration: the project that is open, or else a sample. */
  async resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    if (Object.keys(configuration).some((name) => name !== "noDebug" && name !== "__configurationTarget")) {
      return configuration;
    }
    const project = await chosenProject(this.surroundings.memory);
    if (project.kind === "cancelled") return undefined;
    if (project.kind === "none") {
      await vscode.commands.executeCommand("pollscope.debugSample");
      return undefined;
    }
    // VS Code goes on with the folder that it has chosen, which need not be that of the project.
    const isElsewhere = folder?.uri.fsPath !== project.folder;
    return {
      ...configuration,
      type: DEBUG_TYPE,
      request: "launch",
      name: `Debug ${basename(project.folder)} on an emulated Pico`,
      cargo: isElsewhere ? { cwd: project.folder } : {},
    };
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    try {
      refuseToRunWhenRestricted();
      if (configuration.request !== "launch") return resolveProgram(configuration, folder);
      const request = withFindingSettings(configuration as LaunchRequest);
      if (request.cargo !== undefined) return await this.resolveCargo(request, folder);
      if (request.sample !== undefined) return await this.resolveSample(request, folder);
      return resolveProgram(request, folder);
    } catch (error) {
      showError(error, this.surroundings.log);
      return undefined;
    }
  }

  private async resolveCargo(
    { cargo, ...rest }: LaunchRequest,
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const open = await this.folderToBuildIn(cargo ?? {}, folder);
    if (open === undefined) return undefined;
    const program = await buildForLaunch({
      request: cargo ?? {},
      folder: open,
      diagnostics: this.diagnostics,
      surroundings: this.surroundings,
    });
    return program === undefined ? undefined : { ...rest, program };
  }

  /**
   * The open folder of a build; undefined if the user has been asked for it and has not answered.
   * @throws UserError if there is none
   */
  private async folderToBuildIn(
    { cwd }: CargoBuild,
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<string | undefined> {
    if (folder !== undefined) return folder.uri.fsPath;
    if (cwd !== undefined && isAbsolute(cwd)) return cwd;
    // The configuration is one of the whole workspace, which has no folder of its own.
    const project = await chosenProject(this.surroundings.memory);
    if (project.kind === "project") return project.folder;
    if (project.kind === "cancelled") return undefined;
    throw new UserError(
      "There is no folder to build in",
      "open the project's folder, or set `cwd` under `cargo`",
    );
  }

  /** A sample's firmware comes prebuilt: its sources are those that are open, or else a copy of them. */
  private async resolveSample(
    request: LaunchRequest,
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<vscode.DebugConfiguration> {
    const { samples: bundled, samplesCopy } = this.surroundings;
    const samples = await readSamples(bundled);
    const sample = samples.find((each) => each === sampleNamed(samples, request.sample ?? ""));
    // The adapter says which samples there are.
    if (sample === undefined || request.sourceMap !== undefined) return request;
    let opened = folder && (await openedSources(sample, folder.uri.fsPath));
    if (opened === undefined) {
      await ensureCopy(bundled, samplesCopy);
      opened = samplesCopy;
    }
    const changed = await changedSources(sample, { bundled, opened });
    if (changed.length > 0) {
      void vscode.window.showWarningMessage(
        `${changed.join(", ")} is not what the prebuilt ${sample.name} was built from, so lines may be off; ` +
          "debug with the configuration that builds with cargo",
      );
    }
    return { ...request, sourceMap: { [BUILD_FOLDER]: opened } };
  }
}

function isCargoProject(folder: vscode.WorkspaceFolder): boolean {
  return existsSync(join(folder.uri.fsPath, "Cargo.toml"));
}

/** A path that is relative is so to the open folder. */
function resolveProgram(
  request: LaunchRequest,
  folder: vscode.WorkspaceFolder | undefined,
): vscode.DebugConfiguration {
  if (request.program === undefined || folder === undefined) return request;
  return { ...request, program: resolve(folder.uri.fsPath, request.program) };
}
