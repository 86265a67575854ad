import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { poweredOn, sourceText, taskNamed } from "#test/helpers/stepping";

/** Long enough for each `.await` of the samples to be come to several times. */
const RUN = nanoseconds(1.2e9);

/** A pass may be under way at the end, and in the two builds polls end some microseconds apart. */
const AT_THE_END = 1;

/** Programs that the core has not the time for when they are not optimised: fewer passes are their point. */
const BUSY = "starvation-";

interface Builds {
  readonly name: string;
  readonly dev: string;
  readonly release: string;
}

/** Firmware that is there in both profiles. */
function builds(): Builds[] {
  const folders = ["samples/prebuilt", "test/firmware/samples-dev", "test/firmware/stepping/prebuilt"];
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
  return files.flatMap((release) => {
    const name = basename(release).replace(/-release\.elf$/, "");
    const dev = files.find((path) => basename(path) === `${name}-dev.elf`);
    return dev === undefined || !release.endsWith("-release.elf") || name.startsWith(BUSY)
      ? []
      : [{ name, dev, release }];
  });
}

/** The lines of the user's `.await`s, as `file:line`, with how often a breakpoint there is hit; of those that have code. */
async function passesIn(path: string): Promise<Map<string, number>> {
  const debuggee = await poweredOn(path);
  const { asyncFunctions } = debuggee.firmware.program;
  const passes = new Map<string, number>();
  debuggee.breakpoints.onDidLog.add(({ place }) => {
    const key = `${basename(place!.file.path)}:${place!.line}`;
    passes.set(key, passes.get(key)! + 1);
  });
  const lines = new Map<string, Set<number>>();
  for (const { declaration, coroutine } of asyncFunctions.all) {
    if (declaration?.file.origin.kind !== "own") continue;
    for (const { kind, place } of coroutine.states) {
      if (kind !== "suspended" || place === undefined) continue;
      lines.set(place.file.path, (lines.get(place.file.path) ?? new Set()).add(place.line));
    }
  }
  for (const [file, wanted] of lines) {
    const withCode = debuggee.breakpoints.linesWithCode(file).filter((line) => wanted.has(line));
    debuggee.breakpoints.setInSource(
      file,
      withCode.map((line) => ({ line, logMessage: "here" })),
    );
    for (const line of withCode) passes.set(`${basename(file)}:${line}`, 0);
  }
  await debuggee.runControl.continue({ until: RUN });
  debuggee.dispose();
  return passes;
}

describe("a breakpoint on a line with an .await", { timeout: 240_000 }, () => {
  it.each(builds())("is hit as often in an optimised build as in another: $name", async (build) => {
    const [dev, release] = [await passesIn(build.dev), await passesIn(build.release)];
    const common = [...release.keys()].filter((line) => dev.has(line));
    if (!build.name.startsWith("countdown")) expect(common.length).toBeGreaterThan(0);
    const differing = common.filter((line) => Math.abs(release.get(line)! - dev.get(line)!) > AT_THE_END);
    expect(differing.map((line) => `${line} ${dev.get(line)} ${release.get(line)}`)).toEqual([]);
  });

  it("that stands with its loop on one line is hit once for each pass through the loop", async () => {
    const passes = await passesIn("test/firmware/stepping/prebuilt/stepping-dev.elf");
    // `for _ in 0..2` asks its iterator three times.
    expect(passes.get("main.rs:145")).toBe(3);
  });
});

describe("a breakpoint on an async fn of one line", { timeout: 60_000 }, () => {
  const SOURCE = "test/firmware/stepping/src/main.rs";

  /** `one(1)`, `one(2)`, `one(3)` twice, which begins again in the poll in which it has ended, and an arm of the `if`. */
  const CALLS = 5;

  it.each(["dev", "release"])(
    "is hit once for each call, also of a loop that awaits it (%s)",
    async (profile) => {
      const debuggee = await poweredOn(`test/firmware/stepping/prebuilt/stepping-${profile}.elf`);
      const lines = sourceText(SOURCE).split("\n");
      const line = lines.findIndex((text) => text.startsWith("async fn one(")) + 1;
      const [status] = debuggee.breakpoints.setInSource(`/work/${SOURCE}`, [{ line }]);
      expect(status!.refusal).toBeUndefined();
      let hits = 0;
      for (;;) {
        const { cause } = await debuggee.runControl.continue({ until: RUN });
        if (cause.kind !== "breakpoint") break;
        expect(debuggee.taskEvents.polledTask).toBe(taskNamed(debuggee, "crooked_task"));
        hits++;
      }
      expect(hits).toBe(CALLS);
      debuggee.dispose();
    },
  );
});
