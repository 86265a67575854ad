import type { AsyncFunction, AsyncFunctions } from "../../symbols/async-functions";
import { type CoroutineState, stateOf } from "../../symbols/types/coroutine";
import type { MemoryView } from "../../target/target";

/** A future and where it lies. */
export interface LocatedFuture {
  readonly body: AsyncFunction;
  readonly address: number;
}

/** Coroutines lie inside each other by value, so chains end; this only bounds damaged debug info. */
const LONGEST_CHAIN = 100;

/** What memory says of a future: while it is being polled, the state that it was in before. */
export function stateIn({ body, address }: LocatedFuture, memory: MemoryView): CoroutineState | undefined {
  const { offset, byteSize } = body.coroutine.discriminant;
  if (byteSize !== 1 && byteSize !== 2 && byteSize !== 4) return undefined;
  const discriminant = memory.readUint(address + offset, byteSize);
  return discriminant === undefined ? undefined : stateOf(body.coroutine, discriminant);
}

/**
 * The future of an async function in the chain of awaits that begins with `root`; undefined if the chain does not lead
 * to one.
 */
export function futureInChain(
  root: LocatedFuture,
  wanted: AsyncFunction,
  { memory, asyncFunctions }: { readonly memory: MemoryView; readonly asyncFunctions: AsyncFunctions },
): LocatedFuture | undefined {
  let future = root;
  for (let depth = 0; depth < LONGEST_CHAIN; depth++) {
    if (future.body === wanted) return future;
    const awaitee = stateIn(future, memory)?.awaitee;
    const body = awaitee && asyncFunctions.ofType(awaitee.type);
    if (awaitee === undefined || body === undefined) return undefined;
    future = { body, address: future.address + awaitee.offset };
  }
  return undefined;
}
