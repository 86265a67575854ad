import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isAllowed, SourceLines } from "#adapter/debuggee/findings/allowed-findings";
import type { Finding } from "#adapter/analysis/finding";
import { pollscope } from "#test/cli/pollscope";
import { expectGolden } from "#test/helpers/golden";

const GUARD = "samples/prebuilt/guard-across-await-bad-release.elf";
const HOG = "samples/prebuilt/starvation-hog-release.elf";

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "pollscope-check-"));
  const remove = () => rmSync(folder, { recursive: true });
  const result = work(folder);
  if (result instanceof Promise) return result.finally(remove) as T;
  remove();
  return result;
}

describe("pollscope check", () => {
  it.each(["guard-across-await-bad", "deadlock-bad", "lost-wake-bad", "starvation-hog"])(
    "prints what is wrong with %s",
    async (name) => {
      const { out, error } = await pollscope([
        "check",
        `samples/prebuilt/${name}-release.elf`,
        "--for",
        "2s",
      ]);
      expect(error).toBe("");
      expectGolden(`cli/check-${name}.txt`, out);
    },
  );

  it("says that there is nothing, with status 0", async () => {
    const { status, out } = await pollscope(["check", "samples/prebuilt/blink-release.elf", "--for", "2s"]);
    expect(out).toBe("No findings in 2.000 s of the firmware's time\n");
    expect(status).toBe(0);
  });

  it("tells of errors by its status, and of warnings if asked to", async () => {
    expect((await pollscope(["check", GUARD, "--for", "1s"])).status).toBe(3);
    expect((await pollscope(["check", HOG, "--for", "1s"])).status).toBe(0);
    expect((await pollscope(["check", HOG, "--for", "1s", "--fail-on", "warning"])).status).toBe(3);
    const patient = ["--threshold", "starvation=1s", "--threshold", "long-poll=1s", "--fail-on", "note"];
    expect((await pollscope(["check", HOG, "--for", "1s", ...patient])).status).toBe(0);
  });

  it("writes JSON, and SARIF with the line and the places that belong to it", async () => {
    await inFolder(async (folder) => {
      const sarif = join(folder, "report.sarif");
      const { out } = await pollscope(["check", GUARD, "--for", "1s", "--json", "--sarif", sarif]);
      const at = "samples/guard-across-await/src/bin/bad.rs";
      expect(JSON.parse(out)).toMatchObject([
        {
          kind: "guard-across-await",
          severity: "error",
          at: `${at}:24`,
          tasks: ["measure_task", "display_task"],
        },
      ]);
      const log = JSON.parse(readFileSync(sarif, "utf8")) as { version: string; runs: unknown[] };
      expect(log.version).toBe("2.1.0");
      expect(log.runs).toMatchObject([
        {
          tool: { driver: { name: "pollscope", rules: [{ id: "guard-across-await" }] } },
          results: [
            {
              ruleId: "guard-across-await",
              ruleIndex: 0,
              level: "error",
              locations: [{ physicalLocation: { artifactLocation: { uri: at }, region: { startLine: 24 } } }],
              relatedLocations: [
                { physicalLocation: { artifactLocation: { uri: at }, region: { startLine: 22 } } },
              ],
            },
          ],
        },
      ]);
    });
  });

  it.each([
    [["--fail-on", "fatal"], '"fatal" is no severity; write error, warning or note'],
    [["--threshold", "patience=1s"], '"patience=1s" is no threshold; write NAME=VALUE with one of'],
    [["--threshold", "busy=long"], '"long" is no length of time; write it as 20ms, 250us or 1s'],
    [["--threshold", "future-bytes=1kB"], '"1kB" is no number of bytes; write it in digits'],
    [["--for", "0s"], '"0s" is no length of time'],
  ])("refuses %j in one sentence", async (words, sentence) => {
    const { status, error } = await pollscope(["check", GUARD, ...words]);
    expect(error).toContain(`pollscope: ${sentence}`);
    expect(error.trim().split("\n")).toHaveLength(1);
    expect(status).toBe(2);
  });
});

describe("a comment in the source", () => {
  const finding = (kind: string, line: number) => ({ kind, place: { file: "main.rs", line } }) as Finding;

  it("allows findings of its line, and of the next if it stands alone", () => {
    inFolder((folder) => {
      const lines = [
        "wait().await; // pollscope: allow(starvation, long-poll)",
        "// pollscope: allow(deadlock)",
        "lock().await;",
        "lock().await;",
      ];
      writeFileSync(join(folder, "main.rs"), lines.join("\n"));
      const sources = new SourceLines((path) => join(folder, path));
      expect(isAllowed(finding("starvation", 1), sources)).toBe(true);
      expect(isAllowed(finding("long-poll", 1), sources)).toBe(true);
      expect(isAllowed(finding("deadlock", 1), sources)).toBe(false);
      expect(isAllowed(finding("starvation", 2), sources)).toBe(false);
      expect(isAllowed(finding("deadlock", 3), sources)).toBe(true);
      expect(isAllowed(finding("deadlock", 4), sources)).toBe(false);
    });
  });

  it("is not there where the source is not", () => {
    const sources = new SourceLines((path) => `/nowhere/${path}`);
    expect(isAllowed(finding("starvation", 1), sources)).toBe(false);
  });
});
