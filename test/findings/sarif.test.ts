import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import type { Finding } from "#adapter/analysis/finding";
import { Trace } from "#adapter/trace/trace";
import { nanoseconds } from "#adapter/base/brand";
import { findingJson } from "#cli/text/finding-json";
import { sarifLog } from "#cli/text/sarif";
import { findingsOf } from "./found";

const require = createRequire(import.meta.url);
const OPTIONS = { showPath: (file: string) => file.replace(`${process.cwd()}/`, ""), version: "1.2.3" };

/** OASIS' schema of SARIF 2.1.0, as Microsoft's SDK brings it; it is written in draft 4 of JSON Schema. */
const SCHEMA = "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";

function readJson(name: string): object {
  return JSON.parse(readFileSync(require.resolve(name), "utf8")) as object;
}

const ajv = new Ajv({ schemaId: "auto", allErrors: true });
ajv.addMetaSchema(readJson("ajv/lib/refs/json-schema-draft-04.json"));
const isSarif = ajv.compile(readJson(SCHEMA));

function faultsOf(log: object): unknown {
  return isSarif(log) ? [] : isSarif.errors;
}

/** Samples with a mistake each, and one without. */
const SAMPLES = [
  "big-future-bad",
  "blink",
  "cancellation-bad",
  "channel-backpressure",
  "deadlock-bad",
  "guard-across-await-bad",
  "lost-wake-bad",
  "starvation-hog",
  "ticker-drift-bad",
];

describe("SARIF", () => {
  it.each(SAMPLES)("of %s is as its schema wants it", async (name) => {
    const findings = await findingsOf(`samples/prebuilt/${name}-release.elf`, { for: "2.5s" });
    expect(findings.length > 0).toBe(name !== "blink");
    const log = sarifLog(findings, OPTIONS);
    expect(faultsOf(log)).toEqual([]);
  });

  it("names places outside of the folder by URIs, and has none where none is known", () => {
    const found = { ...FINDING, place: { file: "/elsewhere/my code.rs", line: 0 } };
    for (const findings of [[found], [FINDING]]) expect(faultsOf(sarifLog(findings, OPTIONS))).toEqual([]);
    expect(JSON.stringify(sarifLog([found], OPTIONS))).toContain('"uri":"file:///elsewhere/my%20code.rs"');
  });

  it("that is wrong is noticed by the schema", () => {
    const log = sarifLog([{ ...FINDING, severity: "fatal" as never }], OPTIONS);
    expect(faultsOf(log)).not.toEqual([]);
  });
});

describe("JSON", () => {
  it("has the members that docs/findings/README.md lists, and null for what is not known", () => {
    const json = findingJson(FINDING, new Trace(), OPTIONS.showPath);
    const page = readFileSync("docs/findings/README.md", "utf8");
    const listed = [...page.matchAll(/^\| `(\w+)` /gm)].map(([, member]) => member);
    expect(Object.keys(json)).toEqual(listed);
    expect(json["at"]).toBeNull();
  });
});

const FINDING: Finding = {
  key: "k",
  kind: "starvation",
  severity: "warning",
  title: "check_task kept the core",
  tasks: [],
  span: { from: nanoseconds(0), to: nanoseconds(1) },
  place: null,
  related: [],
  evidence: ["it was seen"],
  remedy: "split the work",
  count: 1,
};
