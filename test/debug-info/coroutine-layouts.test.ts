import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { parseElf } from "#adapter/elf/elf-file";
import type { AsyncFunction } from "#adapter/symbols/async-functions";
import { loadProgram } from "#adapter/symbols/program";
import type { CoroutineState, SavedLocal } from "#adapter/symbols/types/coroutine";
import {
  addLayout,
  FOLDERS,
  functionOf,
  layoutElf,
  layoutFiles,
  LAYOUTS,
  type Layouts,
  placeKey,
  printedOf,
  sortedLayouts,
  stateText,
  withoutNumber,
} from "./printed-layouts";

// rustc prints how it lays out the state machine of each async function (`printed-layouts.ts`). What we read from the
// ELF's debug info must be the same: size, alignment, and in each state each field's name, offset and size. rustc prints
// what it lays out for the crate of the program itself, so libraries are compared as far as that crate uses their async
// functions.

describe("the layouts of async functions", () => {
  it.each(layoutFiles)("in %s are as rustc prints them", (file) => {
    const { elf, printed } = printedOf(file);
    const { own, all } = readLayouts(layoutElf(elf));
    expect(own.size).toBeGreaterThan(0);
    for (const [name, layouts] of own)
      expect({ name, layouts }).toEqual({ name, layouts: printed.get(name) });
    // rustc prints those of libraries, too, where they are compiled with the program. Not all leave debug info.
    for (const [name, layouts] of printed) {
      const read = all.get(name);
      for (const layout of read === undefined ? [] : layouts)
        expect({ name, read }).toEqual({ name, read: expect.arrayContaining([layout]) as string[] });
    }
  });

  it("are recorded for every prebuilt ELF, in the build that made it", () => {
    const heads = layoutFiles.map((file) => readFileSync(`${LAYOUTS}/${file}`, "utf8").split("\n", 1)[0]);
    const built = FOLDERS.flatMap((folder) => {
      const manifest = JSON.parse(readFileSync(`${folder}/manifest.json`, "utf8")) as {
        elfs: { file: string; sha256: string }[];
      };
      return manifest.elfs.map((elf) => `${elf.file} ${elf.sha256}`);
    });
    expect(heads.sort()).toEqual(built.sort());
  });
});

function readLayouts(path: string): { own: Layouts; all: Layouts } {
  const program = loadProgram(parseElf(readFileSync(path), path));
  const crate = basename(path)
    .replace(/-(?:dev|release)\.elf$/, "")
    .replaceAll("-", "_");
  const [own, all] = [new Map<string, string[]>(), new Map<string, string[]>()];
  for (const each of program.asyncFunctions.all) {
    const text = layoutText(each);
    addLayout(all, readKey(each), text);
    if (each.crate === crate) addLayout(own, readKey(each), text);
  }
  return { own: sortedLayouts(own), all: sortedLayouts(all) };
}

function readKey({ kind, coroutine, declaration }: AsyncFunction): string {
  if (kind === "fn") return functionOf(coroutine.type.name);
  return declaration?.file.origin.kind === "own"
    ? placeKey(declaration.file.path, declaration.line)
    : `block in ${functionOf(coroutine.type.name)}`;
}

function layoutText({ coroutine }: AsyncFunction): string {
  const { byteSize, alignment, states } = coroutine;
  return [`${byteSize} bytes, aligned to ${alignment}`, ...states.map(readState)].join("\n");
}

function readState({ name, locals, awaitee }: CoroutineState): string {
  const saved = awaitee === undefined ? locals : [...locals, awaitee];
  return stateText(name, saved.map(fieldText));
}

function fieldText({ name, role, offset, byteSize }: SavedLocal): string {
  return withoutNumber(`${role === "reference" ? "_ref__" : ""}${name} @${offset} (${byteSize})`);
}
