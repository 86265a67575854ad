import type { AsyncFunction } from "../symbols/async-functions";
import type { Program } from "../symbols/program";
import type { SourcePlace as ProgramPlace } from "../symbols/source-files";
import { type CoroutineState, stateOf } from "../symbols/types/coroutine";
import type { MemoryView } from "../target/target";
import { awaitedName } from "./awaited-name";

/** A place in the source, as plain data. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** One `.await` in the chain of a suspended task. */
export interface SuspendedFrame {
  /** The `async fn`, block or closure. */
  readonly function: string;
  /** Where it is parked, or null if the debug info does not say. */
  readonly place: Place | null;
}

/** Where, and on what, a task is suspended. */
export interface Suspension {
  /** The innermost `.await` in the user's own code. */
  readonly place: Place | null;
  /** What is awaited there, or null if it is not known. */
  readonly awaiting: string | null;
  /** From the task's own body inwards. */
  readonly frames: readonly SuspendedFrame[];
}

/** A state of a coroutine at a known place in a chain of awaits, with the chain up to here. */
interface ChainNode {
  readonly frames: readonly SuspendedFrame[];
  /** The innermost suspension in the user's own code so far. */
  readonly own: Pick<Suspension, "place" | "awaiting"> | undefined;
  /** The coroutine that is awaited here, and where it begins, counted from the one that awaits it. */
  readonly inner: { readonly coroutine: ChainCoroutine; readonly offset: number } | undefined;
  readonly suspension: Suspension;
}

/** A coroutine at a known place in a chain; its states are worked out when they are first met. */
interface ChainCoroutine {
  readonly body: AsyncFunction;
  readonly crate: string;
  readonly outer: ChainNode | undefined;
  readonly nodes: Map<number, ChainNode | undefined>;
}

/** Coroutines lie inside each other by value, so chains end; this only bounds damaged debug info. */
const LONGEST_CHAIN = 100;

/**
 * Reads where a task is suspended from the bytes of its future: the state of its coroutine, the coroutine that is
 * awaited in this state, and so on inwards.
 *
 * Chains met before are remembered as a tree, so that decoding costs one read and one look-up per level, and the same
 * place always gives the same object.
 */
export class SuspensionDecoder {
  private readonly roots = new Map<AsyncFunction, ChainCoroutine>();

  constructor(private readonly program: Program) {}

  /**
   * Where the future of type `body` at `address` is suspended.
   * Undefined if it is not, if its memory cannot be read, or if its state is none that the debug info knows.
   */
  decode(body: AsyncFunction, address: number, memory: MemoryView): Suspension | undefined {
    let coroutine = this.root(body);
    let base = address;
    let suspension: Suspension | undefined;
    for (let depth = 0; depth < LONGEST_CHAIN; depth++) {
      const node = this.nodeAt(coroutine, base, memory);
      if (node === undefined) break;
      suspension = node.suspension;
      if (node.inner === undefined) break;
      base += node.inner.offset;
      coroutine = node.inner.coroutine;
    }
    return suspension;
  }

  /**
   * Where a future of type `body` must be suspended if it is: of one that has a single suspend point that is certain,
   * wherever the future lies. Undefined if it has several, or none.
   */
  onlySuspension(body: AsyncFunction): Suspension | undefined {
    let coroutine = this.root(body);
    let suspension: Suspension | undefined;
    for (let depth = 0; depth < LONGEST_CHAIN; depth++) {
      const suspended = coroutine.body.coroutine.states.filter(({ kind }) => kind === "suspended");
      const node = suspended.length === 1 ? this.nodeOf(coroutine, suspended[0]!.discriminant) : undefined;
      // With several inside, how far it goes is known, and no more.
      if (node === undefined) break;
      suspension = node.suspension;
      if (node.inner === undefined) break;
      coroutine = node.inner.coroutine;
    }
    return suspension;
  }

  private root(body: AsyncFunction): ChainCoroutine {
    let root = this.roots.get(body);
    if (root === undefined) {
      root = { body, crate: body.crate, outer: undefined, nodes: new Map() };
      this.roots.set(body, root);
    }
    return root;
  }

  private nodeAt(coroutine: ChainCoroutine, base: number, memory: MemoryView): ChainNode | undefined {
    const { offset, byteSize } = coroutine.body.coroutine.discriminant;
    if (byteSize !== 1 && byteSize !== 2 && byteSize !== 4) return undefined;
    const discriminant = memory.readUint(base + offset, byteSize);
    return discriminant === undefined ? undefined : this.nodeOf(coroutine, discriminant);
  }

  private nodeOf(coroutine: ChainCoroutine, discriminant: number): ChainNode | undefined {
    const { nodes } = coroutine;
    if (!nodes.has(discriminant)) nodes.set(discriminant, this.makeNode(coroutine, discriminant));
    return nodes.get(discriminant);
  }

  private makeNode(coroutine: ChainCoroutine, discriminant: number): ChainNode | undefined {
    const { body, crate, outer } = coroutine;
    const state = stateOf(body.coroutine, discriminant);
    if (state?.kind !== "suspended") return undefined;
    const place = placeOf(state.place);
    const frames = [...(outer?.frames ?? []), { function: body.name, place }];
    const own = isOwn(body, crate) ? { place, awaiting: this.nameOfAwaitee(state) } : outer?.own;
    const node = {
      frames,
      own,
      suspension: { place: own?.place ?? null, awaiting: own?.awaiting ?? null, frames },
    };
    const awaited = state.awaitee && this.program.asyncFunctions.ofType(state.awaitee.type);
    if (state.awaitee === undefined || awaited === undefined) return { ...node, inner: undefined };
    const inner: ChainCoroutine = {
      body: awaited,
      crate,
      outer: { ...node, inner: undefined },
      nodes: new Map(),
    };
    return { ...node, inner: { coroutine: inner, offset: state.awaitee.offset } };
  }

  private nameOfAwaitee({ awaitee }: CoroutineState): string | null {
    if (awaitee === undefined || awaitee.type.kind === "unknown") return null;
    return awaitedName(awaitee.type, this.program);
  }
}

/** Whether an async function is of the user's own packages; without a place, whether it is of the task's crate. */
function isOwn({ declaration, crate }: AsyncFunction, taskCrate: string): boolean {
  return declaration === undefined ? crate === taskCrate : declaration.file.origin.kind === "own";
}

/** A place of the debug info as plain data; null if there is none. */
export function placeOf(place: ProgramPlace | undefined): Place | null {
  return place === undefined || place.line === 0 ? null : { file: place.file.path, line: place.line };
}
