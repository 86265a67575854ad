import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { parseElf } from "#adapter/elf/elf-file";
import type { AsyncFunction } from "#adapter/symbols/async-functions";
import { loadProgram } from "#adapter/symbols/program";
import type { CoroutineState, SavedLocal } from "#adapter/symbols/types/coroutine";
import { pathComponents, withoutGenerics } from "#adapter/symbols/types/type-name";

// rustc prints how it lays out the state machine of each async function (-Zprint-type-sizes). `npm run samples` records
// it in `layouts`, in the build in which it makes the ELF. What we read from the ELF's debug info must be the same:
// size, alignment, and in each state each field's name, offset and size. rustc prints what it lays out for the crate of the
// program itself, so libraries are compared as far as that crate uses their async functions.

const LAYOUTS = "test/debug-info/layouts";
const FOLDERS = [
  "samples/prebuilt",
  "test/firmware/prebuilt",
  ...readdirSync("test/firmware").map((firmware) => `test/firmware/${firmware}/prebuilt`),
].filter((folder) => existsSync(`${folder}/manifest.json`));

const files = readdirSync(LAYOUTS).filter((name) => name.endsWith(".txt"));

/** State machines by what tells the same ones apart in both descriptions; several instances of a generic one share it. */
type Layouts = ReadonlyMap<string, readonly string[]>;

describe("the layouts of async functions", () => {
  it.each(files)("in %s are as rustc prints them", (file) => {
    const [head, ...lines] = readFileSync(`${LAYOUTS}/${file}`, "utf8").trimEnd().split("\n");
    const [elf] = head!.split(" ");
    const printed = printedLayouts(lines);
    const { own, all } = readLayouts(pathOf(elf!));
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
    const heads = files.map((file) => readFileSync(`${LAYOUTS}/${file}`, "utf8").split("\n", 1)[0]);
    const built = FOLDERS.flatMap((folder) => {
      const manifest = JSON.parse(readFileSync(`${folder}/manifest.json`, "utf8")) as {
        elfs: { file: string; sha256: string }[];
      };
      return manifest.elfs.map((elf) => `${elf.file} ${elf.sha256}`);
    });
    expect(heads.sort()).toEqual(built.sort());
  });
});

function pathOf(elf: string): string {
  return FOLDERS.map((folder) => `${folder}/${elf}`).find(existsSync)!;
}

function printedLayouts(lines: readonly string[]): Layouts {
  const found = new Map<string, string[]>();
  let text: string[] = [];
  let captured: readonly string[] = [];
  let key = "";
  const finish = () => {
    if (key !== "") add(found, key, text.join("\n"));
  };
  for (const line of lines) {
    const head = /^\{(.*)\} (\d+ bytes, aligned to \d+)$/.exec(line);
    if (head === null) {
      const [state, rest] = line.trim().split(/: ?/, 2);
      const fields = rest === "" ? [] : rest!.split(", ").map(withoutNumber);
      if (state === "Unresumed") captured = fields;
      text.push(stateText(state!, withoutNamesakes(withoutMoved(fields, captured))));
      continue;
    }
    finish();
    key = printedKey(head[1]!);
    text = [head[2]!];
  }
  finish();
  return sorted(found);
}

/**
 * rustc prints what a coroutine was created with in each of its states, also where it has been moved into a variable
 * of the same name that is saved elsewhere. In its debug info it lists the variable only: its place, and once more.
 */
function withoutMoved(fields: readonly string[], captured: readonly string[]): string[] {
  const name = (field: string) => field.split(" ")[0];
  return fields.filter(
    (field) =>
      !captured.includes(field) || !fields.some((each) => each !== field && name(each) === name(field)),
  );
}

/**
 * Where a state keeps two variables of one name (one shadows the other, or both are of a macro), rustc's debug info has
 * two members, both at the place of the first: `llvm-dwarfdump` shows two `pinned` at 0 in `Suspend1` of `indirect_task`
 * in test/firmware/stepping, of which the second lies at 64.
 */
function withoutNamesakes(fields: readonly string[]): string[] {
  const name = (field: string) => field.split(" ")[0]!;
  return fields.filter(
    (field, i) => name(field) === "-" || fields.findIndex((each) => name(each) === name(field)) === i,
  );
}

/**
 * `async fn body of <A as B>::measure<u8>()`: measure; `async block@src/main.rs:20:5: 20:10`: the place. A block of
 * another crate goes by its path: `async block@spi::Spi::transfer_inner::{closure#0}::{closure#0}`.
 */
function printedKey(name: string): string {
  const place = /^async (?:block|closure body)@(.*\.rs):(\d+):\d+: \d+:\d+$/.exec(name);
  if (place !== null) return placeKey(place[1]!, Number(place[2]));
  const foreign = /^async (?:block|closure body)@(.*)$/.exec(name);
  if (foreign !== null) return `block in ${functionOf(foreign[1]!)}`;
  return functionOf(/^async fn body of (.*)\(\)$/.exec(name)![1]!);
}

function functionOf(path: string): string {
  const components = pathComponents(withoutGenerics(path));
  return components.filter((component) => !component.startsWith("{")).at(-1)!;
}

/** Of the path, as much as both descriptions have. */
function placeKey(path: string, line: number): string {
  const folder = dirname(path).split("/").at(-1);
  return `${folder}/${path.split("/").at(-1)}:${line}`;
}

function readLayouts(path: string): { own: Layouts; all: Layouts } {
  const program = loadProgram(parseElf(readFileSync(path), path));
  const crate = basename(path)
    .replace(/-(?:dev|release)\.elf$/, "")
    .replaceAll("-", "_");
  const [own, all] = [new Map<string, string[]>(), new Map<string, string[]>()];
  for (const each of program.asyncFunctions.all) {
    const text = layoutText(each);
    add(all, readKey(each), text);
    if (each.crate === crate) add(own, readKey(each), text);
  }
  return { own: sorted(own), all: sorted(all) };
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

/** Values without a name are numbered differently by both. */
function withoutNumber(field: string): string {
  return field.replace(/^(?:\.coroutine_field\d+|__\d+) /, "- ");
}

/** Each field once: a parameter and what it is bound to are two of one name at one place. */
function stateText(name: string, fields: readonly string[]): string {
  return `${name}: ${[...new Set(fields)].sort().join(", ")}`;
}

function add(found: Map<string, string[]>, key: string, text: string): void {
  found.set(key, [...(found.get(key) ?? []), text]);
}

/** Each layout once, and the states in one order. */
function sorted(found: ReadonlyMap<string, readonly string[]>): Layouts {
  return new Map(
    [...found].map(([key, texts]) => {
      const ordered = texts.map((text) => {
        const [head, ...states] = text.split("\n");
        return [head, ...states.sort()].join("\n");
      });
      return [key, [...new Set(ordered)].sort()] as const;
    }),
  );
}
