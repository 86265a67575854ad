import type * as vscode from "vscode";
import { window } from "vscode";
import { UserError } from "#adapter/base/errors";
import { CommandLineError } from "./command-line";

/** Shows an error that the user can act on as its one sentence, with a way to the log; a fault of ours is thrown on. */
export function showError(error: unknown, log: vscode.LogOutputChannel): void {
  if (!(error instanceof UserError || error instanceof CommandLineError)) throw error;
  log.error(error.message);
  const showLog = "Show Log";
  void window.showErrorMessage(error.message, showLog).then((answer) => {
    if (answer === showLog) log.show();
  });
}
