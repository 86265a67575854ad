import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeTrace } from "#adapter/trace/trace-file";
import { pollscope, startPollscope } from "./pollscope";

const BLINK = "samples/prebuilt/blink-release.elf";
const ESCAPE = "\u001b[";

describe("colours", () => {
  it.each([
    { environment: {}, isColoured: false },
    { environment: { FORCE_COLOR: "1" }, isColoured: true },
    { environment: { FORCE_COLOR: "0" }, isColoured: false },
    { environment: { NO_COLOR: "1", FORCE_COLOR: "1" }, isColoured: false },
  ])("in a pipe with $environment: $isColoured", async ({ environment, isColoured }) => {
    const { out } = await pollscope(["trace", BLINK, "--for", "200ms"], environment);
    expect(out.includes(ESCAPE)).toBe(isColoured);
  });

  it("change nothing but colours", async () => {
    const words = ["trace", BLINK, "--for", "200ms"];
    const [plain, coloured] = [await pollscope(words), await pollscope(words, { FORCE_COLOR: "1" })];
    // eslint-disable-next-line no-control-regex
    expect(coloured.out.replaceAll(/\u001b\[\d+m/g, "").replaceAll(/ +$/gm, "")).toBe(plain.out);
  });
});

describe("a reader that goes away", () => {
  it("ends the run quietly, as `| head` expects", async () => {
    const child = startPollscope([
      "trace",
      "samples/prebuilt/starvation-polite-release.elf",
      "--for",
      "10min",
    ]);
    const errors: Buffer[] = [];
    child.stderr!.on("data", (chunk: Buffer) => errors.push(chunk));
    child.stdout!.once("data", () => child.stdout!.destroy());
    const status = await new Promise((done) => child.once("close", done));
    expect(Buffer.concat(errors).toString()).toBe("");
    expect(status).toBe(0);
  });
});

describe("an interrupt (Ctrl-C)", () => {
  it("ends the run with the summary so far", async () => {
    const child = startPollscope(["trace", BLINK, "--for", "100h", "--task", "heartbeat_task"]);
    let out = "";
    let error = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      if (out === "") child.kill("SIGINT");
      out += chunk.toString();
    });
    child.stderr!.on("data", (chunk: Buffer) => (error += chunk.toString()));
    const status = await new Promise((done) => child.once("close", done));
    expect(out).toContain("core: asleep ");
    expect(error).toMatch(/^Stopped at [\d. ]+ s, before the end of the .* asked for\.\n$/);
    expect(status).toBe(0);
  });
});

describe("--save", () => {
  it("keeps the trace, the same bytes each time", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pollscope-save-"));
    const digests = [];
    for (const name of ["first", "second"]) {
      const path = join(folder, `${name}.pollscope`);
      const { status } = await pollscope(["trace", BLINK, "--for", "500ms", "--save", path]);
      expect(status).toBe(0);
      const bytes = readFileSync(path);
      digests.push(createHash("sha256").update(bytes).digest("hex"));
      const { trace, problems } = decodeTrace(bytes);
      expect(problems).toEqual([]);
      expect(trace.endTime).toBe(500e6);
      expect(trace.tasks.map((task) => task.name).sort()).toEqual(["blink_task", "heartbeat_task", "main"]);
    }
    expect(digests[0]).toBe(digests[1]);
    rmSync(folder, { recursive: true });
  });
});
