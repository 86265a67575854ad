import * as vscode from "vscode";
import type { LintSettings } from "../lints/linter";
import type { SeveritySettings, Thresholds } from "#adapter/protocol/findings";

/** Pollscope's settings, without `pollscope.` before their names; package.json describes them. */
export interface Settings {
  /** How long a trace is, in virtual time: `2s`. */
  readonly "trace.duration": string;
  /** Where cargo is; empty for wherever it is found. */
  readonly "cargo.path": string;
  readonly "awaits.showInEditor": boolean;
  readonly "awaits.showInHover": boolean;
  readonly "layouts.showInEditor": boolean;
  readonly "layouts.showInHover": boolean;
  readonly "findings.showInProblems": boolean;
  /** How grave findings are, by their kinds; what is not given is as ever. */
  readonly "findings.severities": SeveritySettings;
  readonly "findings.thresholds": Thresholds;
  readonly "findings.guardTypes": readonly string[];
  /** Whether the timeline shows up when a session begins. */
  readonly "timeline.showWithSession": boolean;
  readonly "lints.enabled": boolean;
  /** How grave lints are, by their codes; what is not given is as ever. */
  readonly "lints.severities": LintSettings["severities"];
  /** Paths of functions that block. */
  readonly "lints.blockingFunctions": readonly string[];
  /** From how many bytes on a local is large. */
  readonly "lints.largeLocal": Partial<LintSettings["largeLocal"]>;
  /** More folders that are drives of boot ROMs, or that hold them. */
  readonly "boards.driveFolders": readonly string[];
  /** Flash of the board, as `16M`; empty for that of Raspberry Pi's own. */
  readonly "boards.flashSize": string;
  /** The profile that cargo builds for a board. */
  readonly "flash.profile": string;
  /** Whether to read back what was written, where the route can. */
  readonly "flash.verify": boolean;
  readonly "flash.openConsole": boolean;
  readonly "flash.showInEditor": boolean;
  /** A serial port for the console; empty for the board's own. */
  readonly "console.port": string;
  /** How much of what VS Code and the adapter say to each other goes to the log. */
  readonly "log.protocol": "off" | "summary" | "full";
}

/**
 * The value of a setting: the user's, or the default that the manifest gives it.
 *
 * @param scope the place for which it is asked: folders of a workspace may differ
 */
export function setting<Name extends keyof Settings>(
  name: Name,
  scope?: vscode.ConfigurationScope,
): Settings[Name] {
  return vscode.workspace.getConfiguration("pollscope", scope).get(name)!;
}
