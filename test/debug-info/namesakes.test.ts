import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseElf } from "#adapter/elf/elf-file";
import { loadProgram } from "#adapter/symbols/program";
import { functionOf, layoutElf, layoutFiles, LAYOUTS } from "./printed-layouts";

// Where a state keeps several variables of one name, the debug info has one place for all of them (printed-layouts.ts);
// what rustc prints of the layout has them at different ones.

/** The variables of async functions that share their name with others, each as `function state name count`. */
type Namesakes = Set<string>;

function printedNamesakes(record: string): {
  readonly namesakes: Namesakes;
  readonly functions: Set<string>;
} {
  const namesakes: Namesakes = new Set();
  const functions = new Set<string>();
  let name: string | undefined;
  let captured: readonly string[] = [];
  for (const line of readFileSync(`${LAYOUTS}/${record}`, "utf8").split("\n")) {
    if (line.startsWith("{")) {
      const path = /^\{async fn body of (.*)\(\)\}/.exec(line)?.[1];
      name = path === undefined ? undefined : functionOf(path);
      if (name !== undefined) functions.add(name);
      continue;
    }
    const [, state, rest = ""] = /^ {2}(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === undefined || state === undefined) continue;
    const fields = rest === "" ? [] : rest.split(", ");
    if (state === "Unresumed") captured = fields;
    for (const [variable, count] of counted(fields.filter((field) => !captured.includes(field)))) {
      if (count > 1) namesakes.add(`${name} ${state} ${variable} ${count}`);
    }
  }
  return { namesakes, functions };
}

function counted(fields: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const field of fields) {
    const name = field.split(" ")[0]!;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function readNamesakes(elf: string, functions: ReadonlySet<string>): Namesakes {
  const { asyncFunctions } = loadProgram(parseElf(readFileSync(elf), elf));
  const found: Namesakes = new Set();
  for (const { kind, coroutine } of asyncFunctions.all) {
    const path = /^(.*)::\{async_fn_env#\d+\}/.exec(coroutine.type.name)?.[1];
    const name = path === undefined ? undefined : functionOf(path);
    if (kind !== "fn" || name === undefined || !functions.has(name)) continue;
    for (const { name: state, locals } of coroutine.states) {
      for (const { name: variable, namesakes } of locals) {
        if (namesakes !== undefined) found.add(`${name} ${state} ${variable} ${namesakes}`);
      }
    }
  }
  return found;
}

describe("variables that share their name", () => {
  it.each(layoutFiles)("in %s are those that rustc keeps at several places", (record) => {
    const elf = readFileSync(`${LAYOUTS}/${record}`, "utf8").split(" ", 1)[0]!;
    const { namesakes, functions } = printedNamesakes(record);
    expect(readNamesakes(layoutElf(elf), functions)).toEqual(namesakes);
  });

  it("are there to be compared", () => {
    expect(printedNamesakes("stepping-dev.txt").namesakes).toEqual(
      new Set(["__indirect_task_task_inner_function Suspend1 pinned 2"]),
    );
  });
});
