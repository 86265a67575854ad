import { buildAwaitTree, type FutureNode } from "../../futures/await-tree";
import { FutureNames } from "../../futures/future-names";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { Program } from "../../symbols/program";
import { type CoroutineState, stateOf } from "../../symbols/types/coroutine";
import type { MemoryView } from "../../target/target";
import { inMemory } from "../../values/location";
import { withCopied } from "../../values/memory-copy";
import { ValueReader } from "../../values/reader";
import { symbolsOf } from "../../values/symbol-lookup";

/** A future and where it lies. */
export interface LocatedFuture {
  readonly body: AsyncFunction;
  readonly address: number;
}

/** What memory says of a future: while it is being polled, the state that it was in before. */
export function stateIn({ body, address }: LocatedFuture, memory: MemoryView): CoroutineState | undefined {
  const { offset, byteSize } = body.coroutine.discriminant;
  if (byteSize !== 1 && byteSize !== 2 && byteSize !== 4) return undefined;
  const discriminant = memory.readUint(address + offset, byteSize);
  return discriminant === undefined ? undefined : stateOf(body.coroutine, discriminant);
}

/** The future of a task as it was when its poll began: what it awaited has not been polled yet. */
export interface FutureBefore {
  readonly root: LocatedFuture;
  readonly bytes: Uint8Array;
  /** How many polls of futures of an async function have been seen since. */
  readonly polls: Map<AsyncFunction, number>;
}

/** Keeps the bytes of a future that is about to be polled; undefined if they cannot be read. */
export function futureBefore(root: LocatedFuture, memory: MemoryView): FutureBefore | undefined {
  const bytes = memory.read(root.address, root.body.coroutine.type.byteSize);
  return bytes && { root, bytes: bytes.slice(), polls: new Map() };
}

const namesOfPrograms = new WeakMap<Program, FutureNames>();

/**
 * The futures of an async function that a task awaited when its poll began, by whichever branches of joins and selects.
 * @param memory what was not copied then is read here
 */
export function awaitedBefore(
  before: FutureBefore,
  wanted: AsyncFunction,
  { memory, program }: { readonly memory: MemoryView; readonly program: Program },
): LocatedFuture[] {
  let names = namesOfPrograms.get(program);
  if (names === undefined) namesOfPrograms.set(program, (names = new FutureNames(program)));
  const { root } = before;
  const reader = new ValueReader(asBefore(before, memory), symbolsOf(program));
  const value = { type: root.body.coroutine.type, location: inMemory(root.address) };
  const found: LocatedFuture[] = [];
  const visit = ({ value: future, address, children }: FutureNode) => {
    const isWanted = program.asyncFunctions.ofType(future.type) === wanted;
    if (isWanted && address !== null) found.push({ body: wanted, address });
    children.forEach(visit);
  };
  visit(buildAwaitTree(value, names, reader).root);
  return found;
}

/** Memory with a future as it was before its poll. */
export function asBefore({ root, bytes }: FutureBefore, memory: MemoryView): MemoryView {
  return withCopied({ start: root.address, bytes }, memory);
}
