import { ProblemList, UserError } from "#adapter/base/errors";
import { type Firmware, loadFirmware } from "#adapter/debuggee/firmware";
import { sourceFolders } from "#adapter/debuggee/sources/source-folders";
import { SourceLocator } from "#adapter/debuggee/sources/source-locator";
import { findEmbassyLayout } from "#adapter/executor/embassy/layout";
import { awaitedName } from "#adapter/futures/awaited-name";
import { dropFlagOf } from "#adapter/futures/drop-flags";
import { isLeftBehind } from "#adapter/futures/left-behind";
import type { AsyncFunction } from "#adapter/symbols/async-functions";
import type { Program } from "#adapter/symbols/program";
import type { SourcePlace } from "#adapter/symbols/source-files";
import { bytesInUse, type CoroutineState, type SavedLocal } from "#adapter/symbols/types/coroutine";
import { guardsIn } from "./guard-types";
import type { FutureLayout, LayoutFacts, LayoutPlace, SavedLayout, StateLayout } from "./layout-facts";
import { ramUseOf } from "./ram-use";
import { taskCounts } from "./task-counts";
import { typeWithoutPaths } from "./type-without-paths";

export interface LayoutRequest {
  /** The ELF file. */
  readonly elf: string;
  /** Beginnings of paths as the compiler wrote them down, and what stands in their place on this machine. */
  readonly sourceMap: Readonly<Record<string, string>>;
}

/**
 * Reads what the compiler has made of the async functions of a firmware file.
 * @throws UserError if it cannot be read, is no firmware, or has no debug info
 */
export async function readLayouts({ elf: path, sourceMap }: LayoutRequest): Promise<LayoutFacts> {
  const locator = new SourceLocator(sourceFolders(path, sourceMap, process.env));
  const firmware = await loadFirmware(path, { remap: (written) => locator.locate(written) ?? written });
  if (!firmware.elf.hasDebugInfo) {
    throw new UserError(
      `${path} has no debug info, so its futures are not known`,
      "build with `debug = 2` in the profile and without `strip`",
    );
  }
  return layoutsOf(firmware);
}

/** The same for firmware that has been read. */
export function layoutsOf({ path, elf, program }: Firmware): LayoutFacts {
  const problems = new ProblemList();
  const pools = findEmbassyLayout(program, problems)?.pools ?? [];
  const all = program.asyncFunctions.all;
  const numbers = new Map(all.map((each, i) => [each, i]));
  const counts = taskCounts(pools, program);
  const areBodiesKnown = pools.every(({ body }) => body !== undefined);
  const futures = all.map((each) =>
    futureOf(each, {
      program,
      numbers,
      tasks: areBodiesKnown ? (counts.get(each) ?? 0) : null,
    }),
  );
  return {
    elf: path,
    futures,
    pools: pools.map(({ name, slots, slotBytes, body }) => ({
      name,
      slots,
      slotBytes,
      future: (body && numbers.get(body)) ?? null,
    })),
    ram: ramUseOf(elf),
    problems: [...program.problems, ...problems.list()].map(({ where, what }) => `${where}: ${what}`),
  };
}

interface FutureContext {
  readonly program: Program;
  readonly numbers: ReadonlyMap<AsyncFunction, number>;
  readonly tasks: number | null;
}

function futureOf(each: AsyncFunction, context: FutureContext): FutureLayout {
  const { coroutine, declaration } = each;
  return {
    kind: each.kind,
    name: each.name,
    generics: each.generics,
    crate: each.crate,
    isOwn: declaration?.file.origin.kind === "own",
    task: each.task?.name ?? null,
    place: placeOf(declaration),
    endLine: placeOf(coroutine.states.find(({ kind }) => kind === "returned")?.place)?.line ?? null,
    bytes: coroutine.byteSize,
    alignment: coroutine.alignment,
    states: coroutine.states.map((state) => stateOf(each, state, context)),
    tasks: context.tasks,
  };
}

function stateOf(each: AsyncFunction, state: CoroutineState, context: FutureContext): StateLayout {
  const values = state.awaitee === undefined ? state.locals : [...state.locals, state.awaitee];
  const saved = values.map((value) => savedOf(each, state, value, context));
  const isOver = state.kind === "returned" || state.kind === "panicked";
  const kept = isOver ? [] : values.filter((value) => !isLeftBehindIn(each, state, value));
  return {
    kind: state.kind,
    name: state.name,
    place: placeOf(state.place),
    saved: saved.sort((a, b) => a.offset - b.offset),
    bytes: bytesInUse(kept),
  };
}

function savedOf(
  each: AsyncFunction,
  state: CoroutineState,
  value: SavedLocal,
  { program, numbers }: FutureContext,
): SavedLayout {
  const { name, role, type, offset, byteSize } = value;
  const future = program.asyncFunctions.ofType(type);
  const isFuture = role === "awaitee" || future !== undefined;
  const isValue = role === "variable" || role === "temporary";
  return {
    name,
    role,
    type: type.name,
    shortType: isFuture ? awaitedName(type, program) : typeWithoutPaths(type.name),
    offset,
    bytes: byteSize,
    guards: isValue ? guardsIn(type, program) : [],
    future: (future && numbers.get(future)) ?? null,
    mayBeDropped: isValue && dropFlagOf(each.coroutine, state, value).kind !== "none",
    isLeftBehind: isLeftBehindIn(each, state, value),
  };
}

/** Before the first poll an argument is where the caller has put it, and has been moved nowhere. */
function isLeftBehindIn({ coroutine }: AsyncFunction, { kind }: CoroutineState, value: SavedLocal): boolean {
  return kind !== "unresumed" && isLeftBehind(value, coroutine);
}

function placeOf(place: SourcePlace | undefined): LayoutPlace | null {
  return place === undefined || place.line === 0 ? null : { file: place.file.path, line: place.line };
}
