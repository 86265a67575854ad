import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Inspection } from "../../debuggee/inspection";
import { evaluated } from "../../debuggee/scopes/evaluated";
import type { ScopedFrame } from "../../debuggee/scopes/scope";
import type { Launched } from "../launched";

/** More than anybody reads through. */
const MOST_COMPLETIONS = 200;

/** Names that can stand where the caret is: fields behind a dot, else variables and statics. */
export async function completions(
  launched: Launched,
  { text, column, line, frameId }: DebugProtocol.CompletionsArguments,
): Promise<DebugProtocol.CompletionsResponse["body"]> {
  const before = (text.split("\n")[(line ?? 1) - 1] ?? "").slice(0, column - 1);
  const { whole, begun } = split(before);
  const frame = await launched.frame(frameId);
  const inspection = await launched.inspection();
  const length = begun.length;
  const item = (label: string, type: DebugProtocol.CompletionItemType): DebugProtocol.CompletionItem => ({
    label,
    type,
    start: before.length - length,
    length,
  });
  const targets: DebugProtocol.CompletionItem[] = [];
  if (whole !== undefined) {
    for (const name of await fieldsOf(inspection, whole, frame)) targets.push(item(name, "field"));
  } else {
    for (const name of new Set(frame.variableNames())) targets.push(item(name, "variable"));
    for (const name of staticNames(inspection)) targets.push(item(name, "value"));
  }
  const wanted = begun.toLowerCase();
  const rank = (label: string): number =>
    lastOf(label).startsWith(wanted) || label.startsWith(wanted) ? 0 : 1;
  const matching = targets.filter(({ label }) => label.toLowerCase().includes(wanted));
  matching.sort((a, b) => rank(a.label.toLowerCase()) - rank(b.label.toLowerCase()));
  return { targets: matching.slice(0, MOST_COMPLETIONS) };
}

/** The fields of a value, those that a formatter does not show included. */
async function fieldsOf(inspection: Inspection, whole: string, { names }: ScopedFrame): Promise<string[]> {
  const value = evaluated(inspection, whole, names);
  if (typeof value === "string") return [];
  const parts = (await value.parts?.namedVariables()) ?? [];
  const raw = (await parts.find(({ name }) => name === "(raw)")?.parts?.namedVariables()) ?? [];
  const fields = [...parts, ...raw].map(({ name }) => name);
  return [...new Set(fields.filter((name) => /^\w+$/.test(name)))];
}

/** Statics by the last part of their path where that is enough to name them. */
function staticNames({ reader }: Inspection): string[] {
  const paths = reader.symbols.statics.map(({ name }) => name).filter((name) => /^[\w:]+$/.test(name));
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(lastOf(path), (counts.get(lastOf(path)) ?? 0) + 1);
  return paths.map((path) => (counts.get(lastOf(path)) === 1 ? lastOf(path) : path));
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(":") + 1);
}

/** The name that has been begun, and the path in front of its dot. */
function split(text: string): { readonly whole: string | undefined; readonly begun: string } {
  const found = /(?:([\w:]+(?:\.\w+|\[\w+\])*)\.)?([\w:]*)$/.exec(text);
  return { whole: found?.[1], begun: found?.[2] ?? "" };
}
