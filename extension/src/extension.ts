import * as vscode from "vscode";
import { registerBoards } from "./boards/register-boards";
import { BuildDiagnostics } from "./debugging/build-diagnostics";
import { FollowedSession } from "./debugging/followed-session";
import { registerDebugging } from "./debugging/register-debugging";
import { registerFindings } from "./findings/register-findings";
import { Layouts } from "./layout-editor/layouts";
import { registerLayouts } from "./layout-editor/register-layouts";
import { registerLints } from "./lint-editor/register-lints";
import { registerPanels } from "./panels/panel-views";
import { Selections } from "./panels/selections";
import { surroundingsOf } from "./platform/surroundings";
import { registerSampleCommands } from "./samples/sample-commands";
import { Exportables, registerExportCommand } from "./timeline/export-command";
import { registerTimelineView } from "./timeline/timeline-view";
import { registerTraceEditor } from "./trace-editor/trace-editor";
import { registerTraceCommands } from "./tracing/trace-commands";

/** Called by VS Code when the first feature is used: registers features, nothing else. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Pollscope", { log: true });
  const surroundings = surroundingsOf(context, log);
  const diagnostics = new BuildDiagnostics();
  const layouts = new Layouts(surroundings);
  const followed = new FollowedSession();
  const exportables = new Exportables();
  const selections = new Selections();
  context.subscriptions.push(
    log,
    diagnostics,
    layouts,
    registerTraceEditor(surroundings, exportables),
    registerExportCommand(exportables, log),
    followed,
    selections,
    registerTimelineView(surroundings, { followed, exportables, selections }),
    ...registerPanels(surroundings, followed, selections),
    ...registerTraceCommands(surroundings),
    ...registerSampleCommands(surroundings),
    ...registerDebugging(surroundings, diagnostics),
    ...registerFindings(surroundings),
    ...registerBoards(surroundings, diagnostics),
    ...registerLayouts(surroundings, layouts),
    ...registerLints(surroundings, layouts.builtFiles),
  );
}
