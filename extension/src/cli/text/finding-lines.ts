import type { Nanoseconds } from "#adapter/base/brand";
import { formatDuration, formatInstant } from "#adapter/base/duration";
import type { Finding } from "#adapter/analysis/finding";
import type { SourceLines } from "#adapter/debuggee/findings/allowed-findings";
import { placeText, type ShowPath } from "./event-json";
import { severityCounts, severityText } from "./severity-words";
import type { TextStyle } from "./style";

export interface FindingLinesOptions {
  readonly style: TextStyle;
  readonly showPath: ShowPath;
  /** Where the line of source is taken from. */
  readonly sources: SourceLines;
}

/**
 * A finding for a person:
 *
 *     error: measure_task keeps guard, a guard of a RefCell, across this await [guard-across-await]
 *       --> src/main.rs:24
 *           Timer::after(CONVERSION).await;
 *       why suspended at 0.528 356 626 s for 60.27 ms with guard: RefMut alive; ...
 *       see src/main.rs:22: guard is declared here
 *       fix end the guard's scope before the await: ...
 */
export function findingLines(finding: Finding, { style, showPath, sources }: FindingLinesOptions): string[] {
  const { kind, severity, title, place, evidence, related, remedy, count, span } = finding;
  const source = place === null ? undefined : sources.line(place)?.trim();
  const entry = (label: string, texts: readonly string[]) =>
    texts.map((text, i) => `  ${i === 0 ? style.dim(label) : "   "} ${text}`);
  const worst = `${formatInstant(span.from)} s to ${formatInstant(span.to)} s`;
  return [
    `${severityText(severity, style)}${style.bold(`: ${title}`)} ${style.dim(`[${kind}]`)}`,
    ...(place === null ? [] : [`  ${style.blue("-->")} ${style.blue(placeText(place, showPath))}`]),
    ...(source === undefined || source === "" ? [] : [`      ${source}`]),
    ...entry("why", evidence),
    ...entry(
      "see",
      related.map((each) => `${placeText(each.place, showPath)}: ${each.text}`),
    ),
    ...entry("fix", [remedy]),
    ...(count === 1 ? [] : [`  ${style.dim(`met ${count} times; this is the worst, from ${worst}`)}`]),
  ];
}

export interface CheckCounts {
  readonly shown: readonly Finding[];
  /** How many the source allows. */
  readonly allowed: number;
  readonly duration: Nanoseconds;
}

/** One line: `1 error and 2 warnings in 10.00 s of the firmware's time`. */
export function checkSummary({ shown, allowed, duration }: CheckCounts, style: TextStyle): string {
  const rest = allowed === 0 ? "" : ` (${allowed} more allowed by the source)`;
  return style.bold(`${severityCounts(shown)} in ${formatDuration(duration)} of the firmware's time${rest}`);
}
