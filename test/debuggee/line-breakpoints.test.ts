import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { Debuggee } from "#adapter/debuggee/debuggee";
import type { Firmware } from "#adapter/debuggee/firmware";
import type { SourceFile, SourcePlace } from "#adapter/symbols/source-files";
import { firmwareFiles } from "#test/helpers/firmware";
import { runGdb } from "#test/helpers/gdb";
import { suspendMarkers } from "#test/helpers/markers";
import { firmwareAt } from "#test/helpers/run-firmware";
import { describeWithTool } from "#test/helpers/tool";

const samples = firmwareFiles().filter((path) => path.startsWith("samples/"));

/** Long enough for every task of the samples to have been polled. */
const RUN = nanoseconds(0.6e9);

/** The sources of a firmware that are written for it, and have code. */
function ownFiles({ program }: Firmware): SourceFile[] {
  return program.files.all.filter(
    ({ origin, path }) => origin.kind === "own" && /\/(?:samples|test)\//.test(path),
  );
}

/** The functions of the `async fn`s' names, which only make futures: a breakpoint is for the body. */
function constructorsOf({ program }: Firmware): Set<string> {
  const types = program.asyncFunctions.all.map(({ coroutine }) => coroutine.type.name);
  return new Set(types.map((name) => name.replace(/::\{async_fn_env#\d+\}.*$/, "")));
}

/** Lines at which code was executed: with a tracepoint at each row of the line table. */
async function executedLines(firmware: Firmware): Promise<Set<string>> {
  const debuggee = new Debuggee(firmware);
  const found = new Set<string>();
  const own = new Set(ownFiles(firmware));
  const constructors = constructorsOf(firmware);
  for (const { address, file, line, isStatement } of firmware.program.lines.all()) {
    if (file === undefined || !own.has(file) || line === 0 || !isStatement) continue;
    if (firmware.program.lines.rowAt(address)?.line !== line) continue;
    if (constructors.has(firmware.program.functions.at(address)?.path ?? "")) continue;
    const onHit = () => found.add(`${file.name}:${line}`).size < 0;
    debuggee.target.addTracepoint({ where: { kind: "code", address }, collect: [], onHit });
  }
  await debuggee.run(RUN);
  return found;
}

/** Lines whose breakpoints are hit, with one on each line that has code. */
async function hitLines(firmware: Firmware): Promise<Set<string>> {
  const debuggee = new Debuggee(firmware);
  const found = new Set<string>();
  debuggee.breakpoints.onDidLog.add(({ place }) => found.add(`${place!.file.name}:${place!.line}`));
  for (const { path } of ownFiles(firmware)) {
    const lines = debuggee.breakpoints.linesWithCode(path);
    const statuses = debuggee.breakpoints.setInSource(
      path,
      lines.map((line) => ({ line, logMessage: "here" })),
    );
    expect(statuses.map(({ refusal, place }) => refusal ?? place?.line)).toEqual(lines);
  }
  await debuggee.runControl.continue({ until: RUN });
  return found;
}

describe("breakpoints on every line that has code", () => {
  it.each(samples)("%s: hit at those lines that are executed", async (path) => {
    const firmware = await firmwareAt(path);
    const executed = await executedLines(firmware);
    const hit = await hitLines(firmware);
    expect(executed.size).toBeGreaterThan(3);
    expect([...executed].filter((line) => !hit.has(line))).toEqual([]);
    // Where an `async fn` begins, its head is shown, whatever line comes first.
    const heads = new Set(
      firmware.program.asyncFunctions.all.map(({ declaration }) => lineText(declaration)),
    );
    expect([...hit].filter((line) => !executed.has(line) && !heads.has(line))).toEqual([]);
  });
});

describe("a line with an await", () => {
  it.each(["dev", "release"])("stops once for each pass, and not at each poll (%s)", async (profile) => {
    const firmware = await firmwareAt(`samples/prebuilt/blink-${profile}.elf`);
    const markers = suspendMarkers("samples/blink/src/main.rs");
    const passes = new Map<string, number[]>();
    for (const [name, line] of markers) {
      const debuggee = new Debuggee(firmware);
      const [status] = debuggee.breakpoints.setInSource("/work/samples/blink/src/main.rs", [{ line }]);
      expect(status!.refusal).toBeUndefined();
      const times: number[] = [];
      for (;;) {
        const stop = await debuggee.runControl.continue({ until: nanoseconds(1.5e9) });
        if (stop.cause.kind !== "breakpoint") break;
        times.push(Math.round(stop.time / 10e6) * 10);
      }
      passes.set(name, times);
    }
    // The crystal takes 128 ms to start; the LED changes every 250 ms, the heart beats every second.
    expect(Object.fromEntries(passes)).toEqual({
      "blink-tick": [130, 380, 630, 880, 1130, 1380],
      "heartbeat-offset": [130],
      "heartbeat-contract": [160, 1160],
      "heartbeat-rest": [260, 1260],
      "nap-timer": [130, 160, 260, 1160, 1260],
    });
  });
});

describe("lines without code", () => {
  it.each([
    { line: 28, moved: 29 },
    { line: 38, moved: 39 },
    { line: 43, moved: 44 },
    { line: 55, moved: 56 },
  ])("$line moves to $moved, in the same function", async ({ line, moved }) => {
    const debuggee = new Debuggee(await firmwareAt("samples/prebuilt/blink-dev.elf"));
    const [status] = debuggee.breakpoints.setInSource("/work/samples/blink/src/main.rs", [{ line }]);
    expect(status).toMatchObject({ refusal: undefined, place: { line: moved } });
  });

  it.each([
    { line: 1, reason: "line 1 has no code in this firmware, the next that has is line 25" },
    { line: 50, reason: "line 50 has no code in this firmware, the next that has is line 53" },
    { line: 900, reason: "line 900 has no code in this firmware, nor has any behind it" },
  ])("$line, outside of any function, is refused", async ({ line, reason }) => {
    const debuggee = new Debuggee(await firmwareAt("samples/prebuilt/blink-dev.elf"));
    const [status] = debuggee.breakpoints.setInSource("/work/samples/blink/src/main.rs", [{ line }]);
    expect(status).toMatchObject({ refusal: reason, addresses: [] });
  });
});

describeWithTool("gdb-multiarch", "gdb, where breakpoints are put", (gdb) => {
  it.each(samples.filter((path) => path.endsWith("-dev.elf") || path.includes("blink")))(
    "%s: each address is of the line, for gdb too",
    async (path) => {
      const firmware = await firmwareAt(path);
      const debuggee = new Debuggee(firmware);
      const heads = new Set(
        firmware.program.asyncFunctions.all.map(({ declaration }) => lineText(declaration)),
      );
      const wanted: { readonly line: string; readonly at: number }[] = [];
      for (const file of ownFiles(firmware)) {
        const lines = debuggee.breakpoints.linesWithCode(file.path);
        for (const status of debuggee.breakpoints.setInSource(
          file.path,
          lines.map((line) => ({ line })),
        )) {
          const line = lineText(status.place);
          if (!heads.has(line)) wanted.push(...status.addresses.map((at) => ({ line, at })));
        }
      }
      expect(wanted.length).toBeGreaterThan(10);
      const commands = wanted.map(({ at }) => `info line *0x${at.toString(16)}`);
      const printed = await runGdb(gdb, ["set width 0", `file ${path}`, ...commands]);
      const lines = [...printed.matchAll(/^Line (\d+) of "([^"]+)"/gm)].map(
        ([, line, file]) => `${file!.slice(file!.lastIndexOf("/") + 1)}:${line}`,
      );
      expect(lines).toEqual(wanted.map(({ line }) => line));
    },
  );
});

function lineText(place: SourcePlace | undefined): string {
  return place === undefined ? "" : `${place.file.name}:${place.line}`;
}
