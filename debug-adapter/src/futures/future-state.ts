import { type Coroutine, type CoroutineState, stateOf } from "../symbols/types/coroutine";
import type { MemoryView } from "../target/target";

/** Where a coroutine is. While it is being polled, this is where it was before. */
export type FutureState =
  | { readonly kind: CoroutineState["kind"]; readonly state: CoroutineState }
  /** It cannot be told; the reason is a clause for a reader. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Reads the state of the coroutine that lies at an address. */
export function futureState(coroutine: Coroutine, address: number, memory: MemoryView): FutureState {
  const { offset, byteSize } = coroutine.discriminant;
  if (byteSize !== 1 && byteSize !== 2 && byteSize !== 4) {
    return { kind: "unknown", reason: `its state has ${byteSize} bytes` };
  }
  const discriminant = memory.readUint(address + offset, byteSize);
  if (discriminant === undefined) return { kind: "unknown", reason: "its memory cannot be read" };
  const state = stateOf(coroutine, discriminant);
  return state === undefined
    ? { kind: "unknown", reason: `it has no state ${discriminant}` }
    : { kind: state.kind, state };
}
