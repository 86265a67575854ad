import type { AsyncFunction } from "#adapter/symbols/async-functions";
import type { SourcePlace } from "#adapter/symbols/source-files";
import type { CoroutineState, SavedLocal } from "#adapter/symbols/types/coroutine";
import { loadFirmware } from "#adapter/debuggee/firmware";
import { UserError } from "#adapter/base/errors";
import { noteProblems, type Output } from "./output";
import type { FuturesRequest } from "./requests";
import { tableLines } from "#adapter/base/text-table";

/** Prints the state machine of each async fn, the largest first. */
export async function runFutures(
  request: FuturesRequest,
  output: Output,
  showPath: (path: string) => string,
): Promise<void> {
  const { elf, program } = await loadFirmware(request.firmware);
  if (!elf.hasDebugInfo) {
    throw new UserError(
      `${request.firmware} has no debug info, so its futures are not known`,
      "build with `debug = 2` in the profile and without `strip`",
    );
  }
  const wanted = program.asyncFunctions.all.filter((each) => !request.isOwnOnly || isOwn(each));
  const sorted = wanted.toSorted(
    (a, b) => b.coroutine.byteSize - a.coroutine.byteSize || (a.name < b.name ? -1 : 1),
  );
  const place = (at: SourcePlace | undefined) =>
    at === undefined || at.line === 0 ? null : `${showPath(at.file.path)}:${at.line}`;
  if (request.isJson) {
    await output.write(
      `${JSON.stringify(
        sorted.map((each) => futureJson(each, place)),
        null,
        2,
      )}\n`,
    );
  } else if (sorted.length === 0) {
    await output.write("No async fn of this firmware is left after compiling.\n");
  } else {
    await output.write(sorted.map((each) => futureText(each, place, output)).join("\n"));
  }
  noteProblems(output, program.problems);
}

type ShowPlace = (at: SourcePlace | undefined) => string | null;

function isOwn({ declaration }: AsyncFunction): boolean {
  return declaration?.file.origin.kind === "own";
}

function futureText(each: AsyncFunction, place: ShowPlace, { style }: Output): string {
  const { coroutine } = each;
  const suspended = coroutine.states.filter(({ kind }) => kind === "suspended").length;
  const heading = [
    style.bold(each.name + each.generics),
    `${bytes(coroutine.byteSize)}, ${suspended} suspend ${suspended === 1 ? "point" : "points"}`,
    style.dim(place(each.declaration) ?? ""),
  ];
  const rows = coroutine.states.flatMap((state) => stateRows(state, place));
  const columns = [
    { heading: "state" },
    { heading: "at" },
    { heading: "saved" },
    { heading: "offset", align: "right" as const },
    { heading: "bytes", align: "right" as const },
    { heading: "type" },
  ];
  const [head, ...lines] = tableLines(columns, rows);
  return [
    heading.filter((part) => part !== "").join("  "),
    `  ${style.dim(head!)}`,
    ...lines.map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** One row for the state, which also tells its first local; one for each of the others. */
function stateRows(state: CoroutineState, place: ShowPlace): string[][] {
  const saved = savedIn(state);
  const first = [state.name, place(state.place) ?? ""];
  if (saved.length === 0) return [[...first, "-"]];
  return saved.map((local, i) => [
    ...(i === 0 ? first : ["", ""]),
    nameOf(local),
    String(local.offset),
    String(local.byteSize),
    local.type.name,
  ]);
}

/**
 * What is alive in a state. The compiler lists the arguments in every state; after the end they are moved out or
 * dropped.
 */
function savedIn({ kind, locals, awaitee }: CoroutineState): SavedLocal[] {
  if (kind === "returned" || kind === "panicked") return [];
  return [...locals, ...(awaitee === undefined ? [] : [awaitee])].sort((a, b) => a.offset - b.offset);
}

function nameOf({ name, role }: SavedLocal): string {
  if (role === "awaitee") return "(awaited)";
  if (role === "drop-flag") return "(drop flag)";
  if (role === "temporary") return "(temporary)";
  return role === "reference" ? `&${name}` : name;
}

function futureJson(
  { name, generics, kind, crate, task, declaration, coroutine }: AsyncFunction,
  place: ShowPlace,
) {
  return {
    name: name + generics,
    kind,
    crate,
    task: task?.name ?? null,
    type: coroutine.type.name,
    bytes: coroutine.byteSize,
    alignment: coroutine.alignment,
    at: place(declaration),
    states: coroutine.states.map((state) => ({
      name: state.name,
      kind: state.kind,
      discriminant: state.discriminant,
      at: place(state.place),
      saved: savedIn(state).map((local) => ({
        name: local.name,
        role: local.role,
        offset: local.offset,
        bytes: local.byteSize,
        type: local.type.name,
      })),
    })),
  };
}

function bytes(count: number): string {
  return `${count} ${count === 1 ? "byte" : "bytes"}`;
}
