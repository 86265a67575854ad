import * as vscode from "vscode";
import type { Surroundings } from "../platform/surroundings";
import { showInProblems } from "./finding-diagnostics";
import { registerFindingPages } from "./finding-pages";
import { SessionFindings } from "./session-findings";
import { registerShowFindings } from "./show-findings";

/** What debug sessions find: in the Problems panel, as a list, and the pages about it. */
export function registerFindings(surroundings: Surroundings): vscode.Disposable[] {
  const findings = new SessionFindings();
  return [
    vscode.Disposable.from(findings),
    showInProblems(findings),
    registerShowFindings(findings),
    registerFindingPages(surroundings),
  ];
}
