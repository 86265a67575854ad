import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { perfettoTrace } from "#adapter/trace/perfetto/export-perfetto";
import { encodeTrace } from "#adapter/trace/trace-file";
import { parseCommandLine } from "#cli/command-line";
import { runExport } from "#cli/export-command";
import type { Output } from "#cli/output";
import type { ExportRequest } from "#cli/requests";
import { demoTrace } from "#test/e2e/fixtures/traces";

const folder = mkdtempSync(join(tmpdir(), "pollscope-export-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const trace = join(folder, "demo.pollscope");
const out = join(folder, "demo.perfetto-trace");
writeFileSync(trace, encodeTrace(demoTrace()));

async function run(words: readonly string[]): Promise<string[]> {
  const notes: string[] = [];
  const output = { note: (text: string) => void notes.push(text) } as unknown as Output;
  await runExport(parseCommandLine(["export", ...words]) as ExportRequest, output);
  return notes;
}

describe("pollscope export", () => {
  it("writes a trace in Perfetto's form", async () => {
    expect(await run([trace, "--perfetto", out])).toEqual([]);
    expect(readFileSync(out)).toEqual(Buffer.concat([...perfettoTrace(demoTrace(), "demo")]));
  });

  it("writes what there is of a trace that is cut off, and says so", async () => {
    const cut = join(folder, "cut.pollscope");
    writeFileSync(cut, encodeTrace(demoTrace()).subarray(0, -50));
    expect((await run([cut, "--perfetto", out])).join("\n")).toContain(
      "the file ends inside a block of events",
    );
  });

  it("says in one sentence what is wrong", async () => {
    await expect(run([])).rejects.toThrow("needs one trace");
    await expect(run([trace])).rejects.toThrow("say --perfetto FILE");
    await expect(run([join(folder, "none"), "--perfetto", out])).rejects.toThrow("cannot be read");
    await expect(run([trace, "--perfetto", join(folder, "no/such/folder")])).rejects.toThrow(
      "cannot be written",
    );
    const other = join(folder, "other.pollscope");
    writeFileSync(other, "This is no trace.");
    await expect(run([other, "--perfetto", out])).rejects.toThrow("This is not a Pollscope trace");
  });
});
