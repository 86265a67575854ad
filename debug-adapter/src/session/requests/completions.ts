import type { DebugProtocol } from "@vscode/debugprotocol";
import { evaluated } from "../../debuggee/scopes/evaluated";
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
    const value = evaluated(inspection, whole, frame.names);
    const parts = typeof value === "string" ? undefined : value.parts?.namedVariables();
    for (const { name } of parts ?? []) if (/^\w+$/.test(name)) targets.push(item(name, "field"));
  } else {
    for (const name of new Set(frame.variableNames())) targets.push(item(name, "variable"));
    for (const { name } of inspection.reader.symbols.statics) {
      if (/^[\w:]+$/.test(name)) targets.push(item(name, "value"));
    }
  }
  const wanted = begun.toLowerCase();
  return {
    targets: targets.filter(({ label }) => label.toLowerCase().includes(wanted)).slice(0, MOST_COMPLETIONS),
  };
}

/** The name that has been begun, and the path in front of its dot. */
function split(text: string): { readonly whole: string | undefined; readonly begun: string } {
  const found = /(?:([\w:]+(?:\.\w+|\[\w+\])*)\.)?([\w:]*)$/.exec(text);
  return { whole: found?.[1], begun: found?.[2] ?? "" };
}
