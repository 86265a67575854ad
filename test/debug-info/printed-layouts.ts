import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { pathComponents, withoutGenerics } from "#adapter/symbols/types/type-name";

// What rustc prints of how it lays out the state machine of each async function (-Zprint-type-sizes). `npm run samples`
// records it in `layouts`, in the build in which it makes the ELF.

export const LAYOUTS = "test/debug-info/layouts";
export const FOLDERS = [
  "samples/prebuilt",
  "test/firmware/prebuilt",
  ...readdirSync("test/firmware").map((firmware) => `test/firmware/${firmware}/prebuilt`),
].filter((folder) => existsSync(`${folder}/manifest.json`));

export const layoutFiles = readdirSync(LAYOUTS).filter((name) => name.endsWith(".txt"));

/** State machines by what tells the same ones apart in both descriptions; several instances of a generic one share it. */
export type Layouts = ReadonlyMap<string, readonly string[]>;

/** The path of an ELF file by its name. */
export function layoutElf(elf: string): string {
  return FOLDERS.map((folder) => `${folder}/${elf}`).find(existsSync)!;
}

/** What rustc has printed, by the name of its record in `layouts`. */
export function printedOf(record: string): { readonly elf: string; readonly printed: Layouts } {
  const [head, ...lines] = readFileSync(`${LAYOUTS}/${record}`, "utf8").trimEnd().split("\n");
  return { elf: head!.split(" ")[0]!, printed: printedLayouts(lines) };
}

function printedLayouts(lines: readonly string[]): Layouts {
  const found = new Map<string, string[]>();
  let text: string[] = [];
  let captured: readonly string[] = [];
  let key = "";
  const finish = () => {
    if (key !== "") addLayout(found, key, text.join("\n"));
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
  return sortedLayouts(found);
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

export function functionOf(path: string): string {
  const components = pathComponents(withoutGenerics(path));
  return components.filter((component) => !component.startsWith("{")).at(-1)!;
}

/** Of the path, as much as both descriptions have. */
export function placeKey(path: string, line: number): string {
  const folder = dirname(path).split("/").at(-1);
  return `${folder}/${path.split("/").at(-1)}:${line}`;
}

/** Values without a name are numbered differently by both. */
export function withoutNumber(field: string): string {
  return field.replace(/^(?:\.coroutine_field\d+|__\d+) /, "- ");
}

/** Each field once: a parameter and what it is bound to are two of one name at one place. */
export function stateText(name: string, fields: readonly string[]): string {
  return `${name}: ${[...new Set(fields)].sort().join(", ")}`;
}

export function addLayout(found: Map<string, string[]>, key: string, text: string): void {
  found.set(key, [...(found.get(key) ?? []), text]);
}

/** Each layout once, and the states in one order. */
export function sortedLayouts(found: ReadonlyMap<string, readonly string[]>): Layouts {
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
