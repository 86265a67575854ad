import type * as vscode from "vscode";
import { type LintCode, LINT_CODES, type LintSeverity } from "../lints/finding";
import type { LintSettings } from "../lints/linter";
import { DEFAULT_OPTIONS } from "../lints/rule";
import { setting } from "../platform/settings";

const SEVERITIES = new Set<unknown>(["error", "warning", "note", "off"]);

/** The settings of the folder that a place is in. What a user has written wrong is as if it were not written. */
export function lintSettings(scope: vscode.ConfigurationScope | undefined): LintSettings {
  const severities = setting("lints.severities", scope);
  const largeLocal = { ...DEFAULT_OPTIONS.largeLocal, ...setting("lints.largeLocal", scope) };
  return {
    severities: Object.fromEntries(
      LINT_CODES.flatMap((code): [LintCode, LintSeverity | "off"][] => {
        const severity = severities[code];
        return severity !== undefined && SEVERITIES.has(severity) ? [[code, severity]] : [];
      }),
    ),
    blockingFunctions: setting("lints.blockingFunctions", scope).filter((each) => typeof each === "string"),
    largeLocal,
  };
}

export function isLintingEnabled(scope: vscode.ConfigurationScope | undefined): boolean {
  return setting("lints.enabled", scope);
}
