import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CUSTOM_COMMANDS } from "#adapter/protocol/custom-requests";

const FOLDER = "debug-adapter/src/protocol";
const FILES = ["launch-arguments.ts", "custom-requests.ts", "custom-events.ts", "findings.ts"];

function read(name: string): string {
  return readFileSync(`${FOLDER}/${name}`, "utf8").replaceAll("\r\n", "\n");
}

describe("the protocol", () => {
  it("is not changed without its README: read it, then write the new hash there", () => {
    const hash = createHash("sha256");
    for (const name of FILES) hash.update(read(name));
    const written = /^Hash: `([0-9a-f]+)`$/m.exec(read("README.md"))?.[1];
    expect(written).toBe(hash.digest("hex").slice(0, 16));
  });

  it("describes every request and event in its README", () => {
    const readme = read("README.md");
    for (const command of CUSTOM_COMMANDS) expect(readme).toContain(`\`${command}\``);
    const events = [...read("custom-events.ts").matchAll(/^ {2}"(pollscope\/\w+)":/gm)].map(
      ([, name]) => name!,
    );
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(readme).toContain(`\`${event}\``);
  });

  it("lists every request that it declares", () => {
    const declared = [...read("custom-requests.ts").matchAll(/^ {2}"(pollscope\/\w+)": \{/gm)].map(
      ([, name]) => name,
    );
    expect(declared).toEqual(CUSTOM_COMMANDS);
  });
});
