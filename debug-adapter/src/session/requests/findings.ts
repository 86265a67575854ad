import type { DebugProtocol } from "@vscode/debugprotocol";
import type { StopCause } from "../../debuggee/run-control/stop";
import { type FindingsBody, KIND_WORDS, type ProtocolFinding } from "../../protocol/findings";
import type { SourcePlace } from "../../trace/trace";
import type { Launched } from "../launched";

type Found = ReturnType<Launched["findings"]["findings"]>[number];
type StoppedAt = Extract<StopCause, { kind: "finding" }>["finding"];

/** All findings so far. */
export function findings(launched: Launched): Promise<FindingsBody> {
  return Promise.resolve(findingsSoFar(launched));
}

export function findingsSoFar(launched: Launched): FindingsBody {
  const found = launched.findings.findings();
  return { time: launched.debuggee.target.now, findings: found.map((each) => toFinding(each, launched)) };
}

function toFinding(
  { key, kind, severity, title, tasks, span, place, related, evidence, remedy, count }: Found,
  { debuggee, threads, pageOf }: Launched,
): ProtocolFinding {
  const { trace } = debuggee;
  return {
    key,
    kind,
    severity,
    title,
    tasks: tasks.map((task) => ({
      threadId: threads.of(task, trace),
      name: trace.tasks[task]?.name ?? `task ${task}`,
    })),
    from: span.from,
    to: span.to,
    place: place === null ? null : toPlace(place),
    related: related.map((each) => ({ place: toPlace(each.place), text: each.text })),
    evidence,
    remedy,
    count,
    page: pageOf(kind),
  };
}

/** The frames say where in the file system a file is. */
function shortPlace({ file, line }: SourcePlace): string {
  return `${file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1)}:${line}`;
}

function toPlace({ file, line }: SourcePlace): { path: string; line: number } {
  return { path: file, line };
}

/** The finding that has stopped the firmware: what it is, how it is known, what to do, and where more is said. */
export function findingDetails(
  { pageOf }: Launched,
  { kind, title, place, related, evidence, remedy }: StoppedAt,
): DebugProtocol.ExceptionInfoResponse["body"] {
  const lines = [
    title,
    ...(place === null ? [] : [`at ${shortPlace(place)}`]),
    ...evidence.map((line) => `- ${line}`),
    ...related.map((each) => `- ${shortPlace(each.place)}: ${each.text}`),
    `Fix: ${remedy}`,
    `More: ${pageOf(kind)}`,
  ];
  return {
    exceptionId: KIND_WORDS[kind].label,
    description: lines.join("\n"),
    breakMode: "always",
    details: { typeName: kind, message: title },
  };
}
