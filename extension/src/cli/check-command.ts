import { formatDuration } from "#adapter/base/duration";
import { isAtLeast } from "#adapter/analysis/finding";
import { checkRun } from "#adapter/debuggee/findings/check-run";
import { isAllowed, SourceLines } from "#adapter/debuggee/findings/allowed-findings";
import { launch } from "./launch";
import { noteProblems, type Output } from "./output";
import type { CheckRequest } from "./requests";
import { saveReport } from "./save-report";
import { earlyEnd } from "./text/early-end";
import type { ShowPath } from "./text/event-json";
import { findingJson } from "./text/finding-json";
import { checkSummary, findingLines } from "./text/finding-lines";
import { sarifLog } from "./text/sarif";

/** Exit status: there are findings that are grave enough. */
const FOUND = 3;

/** Runs a firmware, prints what is wrong with its tasks, and returns the exit status. */
export async function runCheck(
  request: CheckRequest,
  output: Output,
  { showPath, version }: { readonly showPath: ShowPath; readonly version: string },
): Promise<number> {
  const debuggee = await launch(request);
  const { trace } = debuggee;
  const abort = new AbortController();
  const onInterrupt = () => abort.abort();
  process.once("SIGINT", onInterrupt);
  const { findings, stop, problems } = await checkRun(debuggee, request.duration, {
    thresholds: request.thresholds,
    guardTypes: request.guardTypes,
    signal: abort.signal,
    again: () => launch(request, { isObserved: false }),
    onProgress: (reached) =>
      output.progress(`${formatDuration(reached)} of ${formatDuration(request.duration)} emulated …`),
  }).finally(() => process.removeListener("SIGINT", onInterrupt));
  const sources = new SourceLines(showPath);
  const shown = findings.filter((finding) => !isAllowed(finding, sources));
  const counts = { shown, allowed: findings.length - shown.length, duration: trace.endTime };
  if (request.isJson) {
    const json = shown.map((finding) => findingJson(finding, trace, showPath));
    await output.write(`${JSON.stringify(json, null, 2)}\n`);
  } else {
    const blocks = shown.map((finding) =>
      findingLines(finding, { style: output.style, showPath, sources }).join("\n"),
    );
    await output.write([...blocks, checkSummary(counts, output.style), ""].join("\n\n").trimEnd() + "\n");
  }
  if (request.sarif !== undefined) await saveReport(request.sarif, sarifLog(shown, { showPath, version }));
  noteProblems(output, debuggee.problems);
  for (const problem of problems) output.note(problem);
  const end = earlyEnd(stop.kind, debuggee.target.now, request.duration);
  if (end !== undefined) output.note(end);
  debuggee.dispose();
  return shown.some(({ severity }) => isAtLeast(severity, request.failOn)) ? FOUND : 0;
}
