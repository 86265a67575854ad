import * as vscode from "vscode";
import { registerTraceEditor } from "./trace-editor/trace-editor";
import { registerTraceCommands } from "./tracing/trace-commands";

/** Called by VS Code when the first feature is used: registers features, nothing else. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Pollscope", { log: true });
  context.subscriptions.push(
    log,
    registerTraceEditor(context.extensionUri, log),
    ...registerTraceCommands(context, log),
  );
}
