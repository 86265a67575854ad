import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildDwarf, type EntryDescription } from "#test/helpers/dwarf-builder";
import { firmwareFiles } from "#test/helpers/firmware";
import { ProblemList } from "../../base/errors";
import { DW_AT, DW_FORM, DW_TAG } from "../../dwarf/constants";
import { parseElf } from "../../elf/elf-file";
import type { AsyncFunction } from "../../symbols/async-functions";
import { loadProgram } from "../../symbols/program";
import { type EmbassyLayout, findEmbassyLayout } from "./layout";

type Attributes = NonNullable<EntryDescription["attributes"]>;

const named = (name: string): Attributes => [[DW_AT.name, DW_FORM.string, name]];
const sized = (name: string, bytes: number): Attributes => [
  ...named(name),
  [DW_AT.byte_size, DW_FORM.data1, bytes],
];
const member = (name: string, type: string, offset: number): EntryDescription => ({
  tag: DW_TAG.member,
  attributes: [
    ...named(name),
    [DW_AT.type, DW_FORM.ref4, { ref: type }],
    [DW_AT.data_member_location, DW_FORM.data1, offset],
  ],
});
const struct = (id: string, name: string, bytes: number, children: EntryDescription[]): EntryDescription => ({
  id,
  tag: DW_TAG.structure_type,
  attributes: sized(name, bytes),
  children,
});

/** A program of nothing but a task header whose state is as given. */
function layoutOf(
  state: EntryDescription,
  others: readonly EntryDescription[] = [member("executor", "pointer", 8)],
): { layout: EmbassyLayout | undefined; problems: string[] } {
  const namespace = (name: string, children: EntryDescription[]): EntryDescription => ({
    tag: DW_TAG.namespace,
    attributes: named(name),
    children,
  });
  const header = struct("header", "TaskHeader", 40, [member("state", "state", 0), ...others]);
  const dwarf = buildDwarf([
    {
      root: {
        tag: DW_TAG.compile_unit,
        children: [
          {
            id: "bool",
            tag: DW_TAG.base_type,
            attributes: [...sized("bool", 1), [DW_AT.encoding, DW_FORM.data1, 2]],
          },
          {
            id: "usize",
            tag: DW_TAG.base_type,
            attributes: [...sized("usize", 4), [DW_AT.encoding, DW_FORM.data1, 7]],
          },
          { id: "pointer", tag: DW_TAG.pointer_type, attributes: sized("*mut SyncExecutor", 4) },
          namespace("embassy_executor", [namespace("raw", [state, header])]),
        ],
      },
    },
  ]);
  const problems = new ProblemList();
  const layout = findEmbassyLayout(loadProgram(dwarf), problems);
  return { layout, problems: problems.list().map(({ what }) => what) };
}

describe("findEmbassyLayout", () => {
  it("finds flags that share a word, whatever cells are around it, as on the RP2040", () => {
    const { layout } = layoutOf(struct("state", "State", 4, [member("state", "usize", 0)]));
    expect(layout?.header).toMatchObject({
      bytes: 40,
      spawned: { offset: 0, mask: 1 },
      runQueued: { offset: 0, mask: 2 },
      executorOffset: 8,
    });
  });

  it("finds flags that are bytes of their own, as on the RP2350", () => {
    const flags = [member("spawned", "bool", 0), member("run_queued", "bool", 1)];
    const { layout } = layoutOf(struct("state", "State", 4, flags));
    expect(layout?.header).toMatchObject({
      spawned: { offset: 0, mask: 1 },
      runQueued: { offset: 1, mask: 1 },
    });
  });

  it("says what is missing, and goes on where it can", () => {
    const word = struct("state", "State", 4, [member("state", "usize", 0)]);
    const { layout, problems } = layoutOf(word, []);
    expect(layout?.header.executorOffset).toBeUndefined();
    expect(problems).toEqual([
      expect.stringContaining("TaskHeader has no member `executor`"),
      expect.stringContaining("no code of embassy_executor::raw::TaskStorage::poll was found"),
    ]);
  });

  it("gives up on a state it does not understand, and says so", () => {
    const { layout, problems } = layoutOf(
      struct("state", "State", 8, [member("one", "usize", 0), member("two", "usize", 4)]),
    );
    expect(layout).toBeUndefined();
    expect(problems).toEqual([expect.stringContaining("the state of embassy_executor::raw::TaskHeader")]);
  });

  it.each(firmwareFiles())("knows every pool of %s", (path) => {
    const problems = new ProblemList();
    const program = loadProgram(parseElf(readFileSync(path), path));
    const layout = findEmbassyLayout(program, problems);
    expect(problems.list()).toEqual([]);
    const { tasks } = program.asyncFunctions;
    // A sample with an executor of its own has no tasks of Embassy's.
    expect(layout === undefined).toBe(tasks.length === 0);
    const names = layout?.pools.map(({ name }) => name) ?? [];
    expect(names.sort()).toEqual(tasks.map(({ task }) => task!.name).sort());
    for (const { name, slots, slotBytes, body, futureOffset } of layout?.pools ?? []) {
      expect({ name, slots }).toEqual({ name, slots: poolSizeInSource(body!) });
      expect(body!.coroutine.byteSize).toBeLessThanOrEqual(slotBytes - futureOffset);
    }
  });
});

/** What `#[embassy_executor::task(pool_size = N)]` above a task's function says; 1 if it says nothing. */
function poolSizeInSource({ declaration }: AsyncFunction): number {
  const source = /((?:samples|test\/firmware)\/.*)$/.exec(declaration!.file.path)![1]!;
  const lines = readFileSync(source, "utf8").split("\n");
  const above = lines.slice(Math.max(0, declaration!.line - 4), declaration!.line).join("\n");
  const attribute = above.slice(above.lastIndexOf("#[embassy_executor::"));
  const size = /pool_size\s*=\s*(\w+)/.exec(attribute)?.[1] ?? "1";
  return Number(/^\d+$/.test(size) ? size : constantInPackage(source, size));
}

function constantInPackage(source: string, name: string): string | undefined {
  const folder = source.slice(0, source.indexOf("/src/") + 5);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".rs"),
  );
  const texts = files.map((file) => readFileSync(folder + file, "utf8"));
  return new RegExp(`const ${name}: \\w+ = (\\d+);`).exec(texts.join("\n"))?.[1];
}
