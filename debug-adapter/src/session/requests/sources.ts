import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Launched } from "../launched";
import { toSource } from "../to-dap";

/** The source files that have code in the firmware and are on this machine, the user's own first. */
export function loadedSources({ debuggee, sources }: Launched): DebugProtocol.LoadedSourcesResponse["body"] {
  const here = debuggee.firmware.program.files.all.filter(({ path }) => sources.isHere(path));
  const own = here.filter(({ origin }) => origin.kind === "own");
  const others = here.filter(({ origin }) => origin.kind !== "own");
  return { sources: [...own, ...others].map(toSource) };
}

/** The text behind a source reference: the instructions of a function whose source is not on this machine. */
export function source(
  launched: Launched,
  { sourceReference, source: asked }: DebugProtocol.SourceArguments,
): DebugProtocol.SourceResponse["body"] {
  const listing = launched.handles.listings.get(asked?.sourceReference ?? sourceReference);
  return { content: listing.text, mimeType: "text/x-asm" };
}
