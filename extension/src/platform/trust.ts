import * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";

/**
 * The commands are hidden in a restricted workspace, but a key binding or another extension can still call them.
 * @throws UserError in a workspace that is not trusted
 */
export function refuseToRunWhenRestricted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserError("Pollscope runs firmware only in a trusted workspace", "trust this one first");
}
