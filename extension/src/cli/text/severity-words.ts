import type { Severity } from "#adapter/analysis/finding";
import type { TextStyle } from "./style";

export function severityText(severity: Severity, style: TextStyle): string {
  switch (severity) {
    case "error":
      return style.red(style.bold(severity));
    case "warning":
      return style.yellow(style.bold(severity));
    case "note":
      return style.cyan(style.bold(severity));
  }
}

const PLURAL: Readonly<Record<Severity, string>> = { error: "errors", warning: "warnings", note: "notes" };

/** `1 error, 2 warnings`, or `No findings`. */
export function severityCounts(findings: readonly { readonly severity: Severity }[]): string {
  const counts = (["error", "warning", "note"] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? severity : PLURAL[severity]}`];
  });
  return counts.length === 0 ? "No findings" : counts.join(", ");
}
