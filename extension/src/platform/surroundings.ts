import { join } from "node:path";
import type * as vscode from "vscode";

/** What the features need of the world: where things are, what is remembered, and where to log. */
export interface Surroundings {
  /** The folder of the extension. */
  readonly extension: string;
  /** The folder of the bundled samples. */
  readonly samples: string;
  /** The folder for a copy of the samples that users may change; a new version has a new one. */
  readonly samplesCopy: string;
  /** The folder for what is kept of this workspace. */
  readonly storage: string;
  /** What is remembered of this workspace. */
  readonly memory: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
}

export function surroundingsOf(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Surroundings {
  const { version } = context.extension.packageJSON as { readonly version: string };
  return {
    extension: context.extensionPath,
    samples: join(context.extensionPath, "samples"),
    samplesCopy: join(context.globalStorageUri.fsPath, `samples-${version}`),
    storage: (context.storageUri ?? context.globalStorageUri).fsPath,
    memory: context.workspaceState,
    log,
  };
}
