import { open } from "node:fs/promises";
import { basename, extname, isAbsolute } from "node:path";
import { UserError } from "../../base/errors";
import type { SaveTraceArguments, SaveTraceBody } from "../../protocol/timeline";
import { perfettoTrace } from "../../trace/perfetto/export-perfetto";
import type { Trace } from "../../trace/trace";
import { encodeTrace } from "../../trace/trace-file";
import type { Launched } from "../launched";

const FORMS: Readonly<
  Record<SaveTraceArguments["form"], (trace: Trace, name: string) => Iterable<Uint8Array>>
> = {
  trace: (trace) => [encodeTrace(trace)],
  perfetto: perfettoTrace,
};

/**
 * Writes the trace so far to a file: all of it is read before the first byte is written, so a firmware that runs on
 * does not change it meanwhile.
 */
export async function saveTrace(
  { debuggee }: Launched,
  { path, form }: SaveTraceArguments,
): Promise<SaveTraceBody> {
  const encode = Object.hasOwn(FORMS, form) ? FORMS[form] : undefined;
  if (encode === undefined || !isAbsolute(path)) {
    const wrong = encode === undefined ? `there is no form "${form}"` : `"${path}" is no absolute path`;
    throw new UserError(
      `The client sent a "pollscope/saveTrace" request that cannot be answered (${wrong})`,
      "update Pollscope in both, client and adapter",
    );
  }
  const pieces = [...encode(debuggee.trace, basename(path, extname(path)))];
  try {
    const file = await open(path, "w");
    try {
      for (const piece of pieces) await file.write(piece);
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`The trace cannot be saved (${reason})`, "choose another place");
  }
  return { byteSize: pieces.reduce((sum, { length }) => sum + length, 0) };
}
