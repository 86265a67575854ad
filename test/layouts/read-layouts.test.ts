import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { loadFirmware } from "#adapter/debuggee/firmware";
import { parseElf } from "#adapter/elf/elf-file";
import { pathComponents, withoutGenerics } from "#adapter/symbols/types/type-name";
import {
  type FutureLayout,
  keptIn,
  type LayoutFacts,
  type SavedLayout,
  type StateLayout,
  suspendPoints,
} from "#extension/layouts/layout-facts";
import { layoutsOf, readLayouts } from "#extension/layouts/read-layouts";
import {
  addLayout,
  layoutElf,
  layoutFiles,
  type Layouts,
  placeKey,
  printedOf,
  sortedLayouts,
  stateText,
  withoutNumber,
} from "#test/debug-info/printed-layouts";
import { suspendMarkers } from "#test/helpers/markers";

const SOURCE_MAP = { "/pollscope/samples": resolve("samples") };

describe("the layouts of a program's own async functions", () => {
  it.each(layoutFiles)("in %s are as rustc prints them", async (file) => {
    const { elf, printed } = printedOf(file);
    const facts = await readLayouts({ elf: layoutElf(elf), sourceMap: {} });
    const own = ownLayouts(facts, crateOf(elf));
    expect(own.size).toBeGreaterThan(0);
    const printedNames = new Map([...printed].map(([name, layouts]) => [taskName(name), layouts]));
    for (const [name, layouts] of own)
      expect({ name, layouts }).toEqual({ name, layouts: printedNames.get(name) });
  });
});

describe("the layouts of a sample", () => {
  const samples = readdirSync("samples/prebuilt").filter((name) => name.endsWith(".elf"));

  it.each(samples)("in %s have their suspend points at the markers of the sources", async (file) => {
    const facts = await factsOf(file);
    const marked = facts.futures.flatMap((future) =>
      future.isOwn ? suspendPoints(future).map(({ place }) => place) : [],
    );
    expect(marked.length).toBeGreaterThan(0);
    for (const place of marked) {
      if (!place?.file.startsWith(resolve("samples"))) continue;
      expect({ place, markers: [...suspendMarkers(place.file).values()] }).toEqual({
        place,
        markers: expect.arrayContaining([place.line]) as number[],
      });
    }
  });

  it.each(samples)("in %s begin at the head of their function, and end with its last line", async (file) => {
    const { futures } = await factsOf(file);
    for (const { isOwn, kind, place, endLine, name } of futures) {
      if (!isOwn || kind !== "fn" || place?.file.startsWith(resolve("samples")) !== true) continue;
      const lines = readFileSync(place.file, "utf8").split("\n");
      if (name.endsWith("::main")) {
        // The macro gives the whole body its own place.
        expect([lines[place.line - 1], endLine]).toEqual(["#[embassy_executor::main]", place.line]);
        continue;
      }
      expect(lines[place.line - 1]).toMatch(new RegExp(`\\basync fn ${name.split("::").at(-1)}\\b`));
      expect(lines[endLine! - 1]!.trim()).toBe("}");
    }
  });

  it.each(samples)("in %s take no more of the RAM than is there", async (file) => {
    const elf = parseElf(readFileSync(`samples/prebuilt/${file}`), file);
    const { ram, pools } = await factsOf(file);
    // memory.x gives 264 KiB; `__sheap` is where the linker found the statics to end.
    expect(ram).toMatchObject({ kind: "known", bytes: 264 * 1024 });
    const staticBytes = ram.kind === "known" ? ram.staticBytes : 0;
    const end = elf.symbols.byName("__sheap")!.address - 0x2000_0000;
    expect(end - staticBytes).toBeGreaterThanOrEqual(0);
    expect(end - staticBytes).toBeLessThan(16);
    const poolBytes = pools.reduce((sum, { slots, slotBytes }) => sum + slots * slotBytes, 0);
    expect(poolBytes).toBeLessThanOrEqual(staticBytes);
  });
});

it("are plain data", async () => {
  const facts = await factsOf("blink-dev.elf");
  expect(structuredClone(facts)).toEqual(facts);
  expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
});

it("tell pools, and in how many tasks a future is", async () => {
  const facts = await factsOf("big-future-bad-release.elf");
  expect(facts.pools.map(({ name, slots, slotBytes }) => ({ name, slots, slotBytes }))).toEqual([
    { name: "record_task", slots: 1, slotBytes: 12368 },
    { name: "main", slots: 1, slotBytes: 48 },
  ]);
  expect(facts.pools.map(({ future }) => facts.futures[future!]?.name)).toEqual([
    "big_future_bad::record_task",
    "big_future_bad::main",
  ]);
  expect(facts.futures.map(({ name, tasks }) => [name, tasks])).toEqual(
    expect.arrayContaining([
      ["big_future_bad::record_task", 1],
      ["big_future_bad::transmit", 1],
      ["big_future::radio_on", 1],
    ]),
  );
});

it("count every slot of a pool", async () => {
  const path = layoutElf("hundred-tasks-release.elf");
  const { elf, program } = await loadFirmware(path);
  const facts = layoutsOf({ path, elf, program });
  const pool = facts.pools.find(({ slots }) => slots > 1)!;
  const size = elf.symbols.at(poolSymbol(elf, pool.name)).size;
  expect(pool.slots * pool.slotBytes).toBe(size);
  expect(facts.futures[pool.future!]!.tasks).toBe(pool.slots);
});

it("name what is awaited as the source does, and link it with its own layout", async () => {
  const facts = await factsOf("big-future-bad-release.elf");
  const record = futureNamed(facts, "big_future_bad::record_task");
  const awaited = suspendPoints(record).map(({ saved }) => saved.find(({ role }) => role === "awaitee")!);
  expect(awaited.map(({ shortType, bytes, future }) => [shortType, bytes, future !== null])).toEqual([
    ["big_future::radio_on", 24, true],
    ["big_future_bad::transmit", 8216, true],
    ["Timer", 16, false],
  ]);
  for (const { future, bytes } of awaited)
    if (future !== null) expect(facts.futures[future]!.bytes).toBe(bytes);
});

it("tell guards by their type, where they are kept", async () => {
  const found = guardsOf(await factsOf("guard-across-await-bad-release.elf"));
  expect(found).toEqual([
    "guard_across_await_bad::measure_task Suspend0 guard: RefMut<Station> core::cell::RefMut blocking",
  ]);
});

it("leave out arguments that have been moved away", async () => {
  const facts = await factsOf("guard-across-await-good-drop-release.elf");
  const measure = futureNamed(facts, "guard_across_await_good_drop::measure_task");
  for (const state of measure.states) {
    const stations = keptIn(state).filter(({ name }) => name === "station");
    expect([state.name, stations.length]).toEqual([state.name, /^(?:Ret|Pan)/.test(state.name) ? 0 : 1]);
  }
});

it("are refused in a sentence where they are not known", async () => {
  await expect(readLayouts({ elf: "samples/memory.x", sourceMap: {} })).rejects.toThrow(
    /memory\.x is not an ELF file; /,
  );
  await expect(readLayouts({ elf: "samples/nothing.elf", sourceMap: {} })).rejects.toThrow(
    "There is no file samples/nothing.elf; build the project first, or check the path",
  );
});

function factsOf(file: string): Promise<LayoutFacts> {
  let facts = samplesRead.get(file);
  if (facts === undefined) {
    facts = readLayouts({ elf: `samples/prebuilt/${file}`, sourceMap: SOURCE_MAP });
    samplesRead.set(file, facts);
  }
  return facts;
}

const samplesRead = new Map<string, Promise<LayoutFacts>>();

function futureNamed({ futures }: LayoutFacts, name: string): FutureLayout {
  return futures.find((each) => each.name === name)!;
}

function guardsOf({ futures }: LayoutFacts): string[] {
  return futures.flatMap((future) =>
    future.isOwn
      ? suspendPoints(future).flatMap((state) =>
          keptIn(state).flatMap((saved) =>
            saved.guards.map(
              ({ type, isBlocking }) =>
                `${future.name} ${state.name} ${saved.name}: ${saved.shortType} ${type} ${isBlocking ? "blocking" : "async"}`,
            ),
          ),
        )
      : [],
  );
}

function poolSymbol(elf: ReturnType<typeof parseElf>, task: string): number {
  for (let i = 0; i < elf.symbols.length; i++) {
    const { name } = elf.symbols.at(i);
    if (name.includes(`${task.length}${task}4POOL`)) return i;
  }
  throw new Error(`no pool of ${task}`);
}

/** The crate of a program by its file: `big_future_bad` of `big-future-bad-release.elf`. */
function crateOf(elf: string): string {
  return basename(elf)
    .replace(/-(?:dev|release)\.elf$/, "")
    .replaceAll("-", "_");
}

function ownLayouts({ futures }: LayoutFacts, crate: string): Layouts {
  const own = new Map<string, string[]>();
  for (const each of futures) if (each.crate === crate) addLayout(own, keyOf(each), textOf(each));
  return sortedLayouts(own);
}

function keyOf({ kind, name, place }: FutureLayout): string {
  if (kind === "fn" || place === null) return lastName(name);
  return placeKey(`${dirname(place.file)}/${basename(place.file)}`, place.line);
}

function lastName(name: string): string {
  return pathComponents(withoutGenerics(name))
    .filter((component) => !component.startsWith("{"))
    .at(-1)!;
}

/** rustc prints what the task macro has made of a function's name: `__blink_task_task_inner_function`. */
function taskName(printed: string): string {
  return printed.replace(/^__(.+)_task_inner_function$/, "$1").replace(/^__embassy_main$/, "main");
}

function textOf({ bytes, alignment, states }: FutureLayout): string {
  return [`${bytes} bytes, aligned to ${alignment}`, ...states.map(stateOf)].join("\n");
}

function stateOf({ name, saved }: StateLayout): string {
  return stateText(name, saved.map(fieldOf));
}

function fieldOf({ name, role, offset, bytes }: SavedLayout): string {
  return withoutNumber(`${role === "reference" ? "_ref__" : ""}${name} @${offset} (${bytes})`);
}
