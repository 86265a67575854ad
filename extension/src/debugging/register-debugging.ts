import * as vscode from "vscode";
import { pickFirmware } from "../platform/pick-firmware";
import { showError } from "../platform/show-error";
import type { Surroundings } from "../platform/surroundings";
import { refuseToRunWhenRestricted } from "../platform/trust";
import { adapterFactory } from "./adapter-factory";
import { registerAwaitDecorations } from "./await-decorations";
import { registerAwaitHover } from "./await-hover";
import { AwaitLines } from "./await-lines";
import type { BuildDiagnostics } from "./build-diagnostics";
import { ConfigurationProvider } from "./configuration-provider";
import { DebuggeeSessions } from "./debuggee";
import { DEBUG_TYPE } from "./debug-type";
import { chooseProgramOfProject } from "./program-command";
import { sessionTracker } from "./session-tracker";
import { registerStepCommands } from "./step-commands";
import { registerStopStatus } from "./stop-status";
import { registerWhyCommand } from "./why-command";

/** Everything that belongs to debug sessions of type `pollscope`. */
export function registerDebugging(
  surroundings: Surroundings,
  diagnostics: BuildDiagnostics,
): vscode.Disposable[] {
  const { extension, log } = surroundings;
  const provider = new ConfigurationProvider(diagnostics, surroundings);
  const sessions = new DebuggeeSessions();
  const lines = new AwaitLines(log);
  const { Initial, Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  return [
    vscode.Disposable.from(sessions, lines),
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, provider, Initial),
    vscode.debug.registerDebugConfigurationProvider(
      DEBUG_TYPE,
      { provideDebugConfigurations: (...words) => provider.provideDebugConfigurations(...words) },
      Dynamic,
    ),
    vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, adapterFactory(extension)),
    vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, sessionTracker(log)),
    ...registerStepCommands(),
    registerWhyCommand(sessions),
    registerStopStatus(),
    registerAwaitDecorations(lines),
    registerAwaitHover(lines),
    vscode.commands.registerCommand(
      "pollscope.pickProgram",
      async () => (await pickFirmware("The Firmware to Debug", "Debug"))?.fsPath,
    ),
    vscode.commands.registerCommand("pollscope.chooseProgram", async () => {
      try {
        refuseToRunWhenRestricted();
        await chooseProgramOfProject(surroundings.memory);
      } catch (error) {
        showError(error, log);
      }
    }),
  ];
}
