import type { ProtocolFinding } from "#adapter/protocol/findings";

/** Virtual time as a person reads it: `0.528 370 s`. */
function seconds(time: number): string {
  return `${(time / 1e9).toFixed(6).replace(/(\d{3})(\d{3})$/, "$1 $2")} s`;
}

/** What the Problems panel and a hover say: what it is, how it is known, what to do about it. */
export function findingText({ title, evidence, remedy, count, from }: ProtocolFinding): string {
  const times = count === 1 ? [] : [`Met ${count} times; this is the worst, at ${seconds(from)}.`];
  return [title, ...evidence.map((line) => `• ${line}`), ...times, `Fix: ${remedy}`].join("\n");
}

/** The columns, from 0, between which a line of source has text; all of it if the line is not known. */
export function textColumns(line: string | undefined): { readonly start: number; readonly end: number } {
  if (line === undefined || line.trim() === "") return { start: 0, end: line?.length ?? 0 };
  return { start: line.length - line.trimStart().length, end: line.trimEnd().length };
}
