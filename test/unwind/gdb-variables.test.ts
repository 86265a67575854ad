import { basename } from "node:path";
import { expect, it } from "vitest";
import { type CoreBacktrace, coreBacktrace } from "#adapter/debuggee/core-backtrace";
import type { CoreFrame } from "#adapter/debuggee/core-frame";
import type { ValueReader } from "#adapter/values/reader";
import { firmwareFiles } from "#test/helpers/firmware";
import { describeWithTool } from "#test/helpers/tool";
import { compareVariable, GDB_IS_WRONG, type GdbVariable } from "./compare-variable";
import { gdbAtStops } from "./gdb-at-stops";
import { functionStops, type Stop, walkStops } from "./stops";

// At each stop gdb and we say where every argument and local of every frame is, or what its bytes are where it is in
// no memory. gdb is attached to the same emulated chip by our own gdb server, which knows no debug info.

const STOPS_OF_EACH = 6;

/** Of one program also every instruction of a function with those that it calls, their first and last ones. */
function stopsFor(path: string): Stop[] {
  const walk = path.endsWith("/blink-dev.elf") ? walkStops("waker::wake", 40) : [];
  return [...walk, ...functionStops(STOPS_OF_EACH)];
}

interface GdbFrameVariables {
  readonly pc: number;
  readonly variables: readonly GdbVariable[];
}

function readSights(output: string): GdbFrameVariables[][] {
  return output
    .split("\n@end")
    .slice(0, -1)
    .map((text) =>
      text
        .split("\n")
        .filter((line) => line.startsWith("@frame "))
        .map((line) => JSON.parse(line.slice("@frame ".length)) as GdbFrameVariables),
    );
}

/** How each of gdb's variables of a frame compares with ours of that name: of several the one that fits best. */
function compareFrame(
  ours: CoreFrame,
  { variables }: GdbFrameVariables,
  reader: ValueReader,
): { readonly name: string; readonly parts: readonly string[] }[] {
  return variables.map((theirs) => {
    const named = ours.variables.filter(({ name }) => name === theirs.name);
    const compared = named.map((each) => compareVariable(theirs, each, { reader, inFunction: ours.name }));
    const isLost = theirs.parts?.every(([, , number]) => number === null) ?? theirs.bytes === 0;
    const best = compared.find((parts) => parts.every((part) => !part.startsWith("differs")));
    const parts = best ?? (isLost && !theirs.argument ? (["block without code"] as const) : compared[0]);
    return { name: theirs.name, parts: parts ?? ["differs: it is not listed here"] };
  });
}

function onlyOurs(ours: CoreFrame, { variables }: GdbFrameVariables): string[] {
  const known = new Set(variables.map(({ name }) => name));
  return ours.variables.filter(({ name }) => !known.has(name)).map(({ name }) => `${name} is not gdb's`);
}

describeWithTool("gdb-multiarch", "arguments and locals", (gdb) => {
  const seen = { stops: 0, counts: new Map<string, number>() };

  it.each(firmwareFiles().map((path) => [basename(path), path]))("of %s equal gdb's", async (_, path) => {
    const { ours, output } = await gdbAtStops<CoreBacktrace>({
      gdb,
      path,
      stops: stopsFor(path),
      prepare: ["source test/unwind/gdb-variables.py"],
      look: ["pollscope-variables"],
      see: coreBacktrace,
    });
    const theirs = readSights(output);
    expect(theirs.length, output.slice(0, 2000)).toBe(ours.length);
    const differences = ours.flatMap(({ title, sight: { frames, reader } }, stop) => {
      const gdbFrames = theirs[stop]!;
      expect(gdbFrames.map(({ pc }) => pc)).toEqual(frames.map(({ address }) => address));
      return frames.flatMap((frame, i) => {
        const compared = compareFrame(frame, gdbFrames[i]!, reader);
        const all = compared.flatMap(({ parts }) => parts);
        for (const part of all) seen.counts.set(part, (seen.counts.get(part) ?? 0) + 1);
        const different = compared.filter(({ parts }) => parts.some((part) => part.startsWith("differs")));
        return [
          ...different.map(({ name, parts }) => `${title}: ${frame.name}: ${name} ${parts.join(", ")}`),
          ...onlyOurs(frame, gdbFrames[i]!).map((what) => `${title}: ${frame.name}: ${what}`),
        ];
      });
    });
    expect(differences).toEqual([]);
    seen.stops += ours.length;
  });

  it("are compared in every kind of place, and each exception is met", () => {
    expect(seen.stops).toBeGreaterThanOrEqual(200);
    const count = (part: string) => seen.counts.get(part) ?? 0;
    expect(count("same place")).toBeGreaterThan(1500);
    expect(count("same number")).toBeGreaterThan(1500);
    expect(count("both lost")).toBeGreaterThan(1000);
    for (const name of Object.keys(GDB_IS_WRONG)) expect([name, count(name)]).not.toEqual([name, 0]);
  });
});
