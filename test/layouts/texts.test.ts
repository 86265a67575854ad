import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { savedAcross } from "#extension/layouts/await-text";
import type { LayoutFacts } from "#extension/layouts/layout-facts";
import { freedBytes, layoutText } from "#extension/layouts/layout-text";
import { lensText } from "#extension/layouts/lens-text";
import { type MemoryRow, memoryRows } from "#extension/layouts/memory-tree";
import { placeFutures } from "#extension/layouts/place-futures";
import { readLayouts } from "#extension/layouts/read-layouts";
import { expectGolden } from "#test/helpers/golden";

const SAMPLES = [
  { elf: "big-future-bad-release", main: "samples/big-future/src/bin/bad.rs" },
  { elf: "guard-across-await-bad-dev", main: "samples/guard-across-await/src/bin/bad.rs" },
  { elf: "blink-release", main: "samples/blink/src/main.rs" },
  { elf: "button-or-timeout-release", main: "samples/button-or-timeout/src/main.rs" },
];

describe.each(SAMPLES)("what is said of the layouts of $elf", ({ elf, main }) => {
  it("stands over each async fn, behind each await, in its layout, and in the view", async () => {
    const facts = await factsOf(elf);
    const file = resolve(main);
    const lines = readFileSync(file, "utf8").split("\n");
    const { functions, pointsOn } = placeFutures(facts, { file, lines, builtLines: lines });
    const lenses = functions.map((each) => `${lines[each.line - 1]!.trim()}\n    ${lensText(each)}`);
    const points = lines.flatMap((_, i) => pointsOn(i + 1));
    const hovers = points.map((point) => {
      const { heading, rows, omitted } = savedAcross(point);
      const texts = rows.map(
        ({ bytes, name, type, note }) => `    ${[bytes, name, type, note].join("  ").trimEnd()}`,
      );
      return [
        lines[point.line - 1]!.trim(),
        `    ${heading}`,
        ...texts,
        ...(omitted > 0 ? [`    ${omitted} more`] : []),
      ].join("\n");
    });
    const options = {
      build: `${elf}, 21 Nov 14:32`,
      showPlace: ({ file: path, line }: { file: string; line: number }) =>
        `${path.replace(`${process.cwd()}/`, "")}:${line}`,
    };
    const layouts = functions.map(({ instances }) => layoutText(instances, facts, options));
    const view = memoryRows(facts).flatMap((row) => rowLines(row, 0));
    const text = [
      "LENSES",
      ...lenses,
      "",
      "HOVERS",
      ...hovers,
      "",
      "VIEW",
      ...view,
      "",
      "LAYOUTS",
      ...layouts,
    ];
    expectGolden(`layouts/${elf}.txt`, `${text.join("\n")}\n`);
  });
});

it("what a variable takes alone is counted where it is an argument and where it is kept", async () => {
  const { futures } = await factsOf("big-future-bad-release");
  const freed = (name: string) => freedBytes(futures.find((each) => each.name === name)!.states);
  expect(freed("big_future_bad::record_task")).toContainEqual({ name: "recording", bytes: 4096 });
  expect(freed("big_future_bad::transmit")).toEqual([{ name: "recording", bytes: 8192 }]);
  // The good forms of the sample do without it: these are the bytes that they have gained.
  const good = await factsOf("big-future-good-static-release");
  const bytes = (facts: LayoutFacts, name: string) =>
    facts.futures.find((each) => each.name.endsWith(name))!.bytes;
  expect(bytes(good, "::record_task")).toBeLessThan(100);
});

function factsOf(elf: string): Promise<LayoutFacts> {
  return readLayouts({
    elf: `samples/prebuilt/${elf}.elf`,
    sourceMap: { "/pollscope/samples": resolve("samples") },
  });
}

function rowLines({ label, description, children, place }: MemoryRow, depth: number): string[] {
  const at = place === null ? "" : `  -> ${place.file.replace(`${process.cwd()}/`, "")}:${place.line}`;
  const own = `${"  ".repeat(depth)}${label}  ${description}${at}`;
  return [own, ...children.flatMap((row) => rowLines(row, depth + 1))];
}
