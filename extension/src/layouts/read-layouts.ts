import { ProblemList, UserError } from "#adapter/base/errors";
import { type Firmware, loadFirmware } from "#adapter/debuggee/firmware";
import { type SavedLayout as SavedValue, stateLayout } from "#adapter/debuggee/state-machines/state-layout";
import { sourceFolders } from "#adapter/debuggee/sources/source-folders";
import { SourceLocator } from "#adapter/debuggee/sources/source-locator";
import { findEmbassyLayout } from "#adapter/executor/embassy/layout";
import type { AsyncFunction } from "#adapter/symbols/async-functions";
import type { Program } from "#adapter/symbols/program";
import type { SourcePlace } from "#adapter/symbols/source-files";
import type { CoroutineState } from "#adapter/symbols/types/coroutine";
import { guardsIn } from "./guard-types";
import type { FutureLayout, LayoutFacts, LayoutPlace, SavedLayout, StateLayout } from "./layout-facts";
import { ramUseOf } from "./ram-use";
import { taskCounts } from "./task-counts";

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
  const { saved, bytes } = stateLayout(each, state, context.program);
  return {
    kind: state.kind,
    name: state.name,
    place: placeOf(state.place),
    saved: saved.map((value) => savedOf(value, context)),
    bytes,
  };
}

function savedOf(
  { value, shortType, mayBeDropped, isLeftBehind }: SavedValue,
  { program, numbers }: FutureContext,
): SavedLayout {
  const { name, role, type, offset, byteSize } = value;
  const future = program.asyncFunctions.ofType(type);
  return {
    name,
    role,
    type: type.name,
    shortType,
    offset,
    bytes: byteSize,
    guards: role === "variable" || role === "temporary" ? guardsIn(type, program) : [],
    future: (future && numbers.get(future)) ?? null,
    mayBeDropped,
    isLeftBehind,
  };
}

function placeOf(place: SourcePlace | undefined): LayoutPlace | null {
  return place === undefined || place.line === 0 ? null : { file: place.file.path, line: place.line };
}
