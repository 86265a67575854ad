import { open, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { UserError } from "#adapter/base/errors";
import { perfettoTrace } from "#adapter/trace/perfetto/export-perfetto";
import { decodeTrace } from "#adapter/trace/trace-file";
import { noteProblems, type Output } from "./output";
import type { ExportRequest } from "./requests";

/** Writes a saved trace in Perfetto's form. */
export async function runExport({ trace: path, perfetto }: ExportRequest, output: Output): Promise<void> {
  const { trace, problems } = decodeTrace(await readTrace(path));
  try {
    const file = await open(perfetto, "w");
    try {
      for (const piece of perfettoTrace(trace, basename(path, ".pollscope"))) await file.write(piece);
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`The trace cannot be written (${reason})`, "choose another place with --perfetto");
  }
  noteProblems(output, problems);
}

async function readTrace(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `The trace cannot be read (${reason})`,
      "name a file that Pollscope has saved (.pollscope)",
    );
  }
}
