import type { AsyncFunction } from "../symbols/async-functions";
import type { CoroutineState } from "../symbols/types/coroutine";
import type { ValueReader } from "../values/reader";
import type { Value } from "../values/value";
import { valueText } from "../values/value-text";
import { keptFutures, withoutAwaited } from "./awaited-locals";
import { type Branch, combinatorOf, elementsOf, type MaybeDone, maybeDone } from "./combinators";
import { containedFutures } from "./contained-futures";
import type { FutureNames } from "./future-names";
import { type FutureState, futureState } from "./future-state";
import { isKnownLeaf } from "./leaf-futures";
import { pointedValue } from "./pointed-future";
import { type HeldLock, type SavedValue, savedValues } from "./saved-values";
import { type Place, placeOf } from "./suspension";
import type { Wait } from "./wait";

/** A future at one instant, with what it polls in turn. */
export interface FutureNode {
  /** In the words of the source: `blink::nap`, `Select<Input::wait_for_low, Timer>`, `Mutex::lock`. */
  readonly name: string;
  /** The type's full name. */
  readonly type: string;
  readonly address: number | null;
  readonly value: Value;
  /** Which part of the future around it: `2` for the second branch, `[3]`, a member's name; null where there is one. */
  readonly label: string | null;
  readonly state: NodeState;
  /** For a coroutine the line of the `.await` it is parked at. */
  readonly place: Place | null;
  /** Whether it is of the user's own packages. */
  readonly isOwn: boolean;
  readonly locals: readonly SavedValue[];
  /** For a leaf. */
  readonly wait: Wait | null;
  /** The fields of a leaf that is not known. */
  readonly fields: string | null;
  readonly children: readonly FutureNode[];
  /** Futures that its variables keep and that it does not await now: nobody polls them. */
  readonly kept: readonly FutureNode[];
  /** Why there is no more: a clause for a reader. */
  readonly note: string | null;
}

export type NodeState =
  | CoroutineState["kind"]
  /** It is no coroutine, so only its own code knows how far it is. */
  | "pending"
  /** A branch that has returned, whose result is kept until the others have. */
  | "done"
  /** A branch whose result has been taken. */
  | "gone"
  | "unknown";

/** A leaf whose wait is yet to be worked out: for some it depends on what other tasks hold. */
export interface OpenLeaf {
  readonly value: Value;
  readonly callers: readonly string[];
  readonly node: { wait: Wait | null; fields: string | null };
}

/** A tree and what was met on the way. */
export interface BuiltTree {
  readonly root: FutureNode;
  readonly leaves: readonly OpenLeaf[];
  /** The locks that the tree's coroutines hold guards of. */
  readonly locks: readonly HeldLock[];
}

/** Futures in futures. Values lie inside each other, so only references can lead further, or damaged memory. */
const DEEPEST = 64;

/** Futures in one tree. */
const MOST_NODES = 512;

/** Builds the await tree of a future: what it awaits, what that awaits, down to the leaves. */
export function buildAwaitTree(future: Value, names: FutureNames, reader: ValueReader): BuiltTree {
  const builder = new TreeBuilder(names, reader);
  const root = builder.node(future, { label: null, depth: 0, callers: [] });
  return { root, leaves: builder.leaves, locks: builder.locks };
}

/** Where in the tree a future is met. */
interface Position {
  readonly label: string | null;
  readonly depth: number;
  readonly callers: readonly string[];
}

type Draft = { -readonly [Key in keyof FutureNode]: FutureNode[Key] };

class TreeBuilder {
  readonly leaves: OpenLeaf[] = [];
  readonly locks: HeldLock[] = [];
  private count = 0;
  /** Futures that are being followed, by address and type: a reference may lead back to one. */
  private readonly path = new Set<string>();

  constructor(
    readonly names: FutureNames,
    readonly reader: ValueReader,
  ) {}

  node(outer: Value, position: Position): FutureNode {
    this.count++;
    const value = pointedValue(outer, this.reader);
    if (value === undefined) {
      return { ...this.draft(outer, position), state: "unknown", note: "what it points to cannot be read" };
    }
    const branch = maybeDone(value, this.reader);
    if (branch?.kind === "future")
      return this.node(branch.future, { ...position, depth: position.depth + 1 });
    const draft = this.draft(value, position);
    if (position.depth >= DEEPEST || this.count > MOST_NODES) return { ...draft, note: "more is not shown" };
    const key = `${draft.address ?? "?"}:${value.type.offset}`;
    if (this.path.has(key)) return { ...draft, note: "seen above" };
    if (branch !== undefined) return ended(draft, branch, this.names);
    this.path.add(key);
    this.fill(draft, value, position);
    this.path.delete(key);
    return draft;
  }

  private draft(value: Value, { label }: Position): Draft {
    return {
      name: this.names.of(value.type),
      type: value.type.name,
      address: this.reader.addressOf(value) ?? null,
      value,
      label,
      state: "pending",
      place: null,
      isOwn: false,
      locals: [],
      wait: null,
      fields: null,
      children: [],
      kept: [],
      note: null,
    };
  }

  private fill(draft: Draft, value: Value, position: Position): void {
    const body = this.names.program.asyncFunctions.ofType(value.type);
    if (body !== undefined) {
      this.fillCoroutine(draft, body, position);
      return;
    }
    const several = combinatorOf(value, this.reader) ?? elementsOf(value, this.reader);
    if (several !== undefined) {
      draft.children = this.branches(several.branches, position);
      if (several.omitted > 0) draft.note = `${several.omitted} more branches are not shown`;
      return;
    }
    if (!isKnownLeaf(value.type)) {
      const inside = containedFutures(value, this.reader, this.names.program);
      draft.children = this.branches(inside, position);
      if (inside.length > 0) return;
      draft.fields = fieldsOf(value, this.reader);
    }
    this.leaves.push({ value, callers: position.callers, node: draft });
  }

  private fillCoroutine(draft: Draft, body: AsyncFunction, position: Position): void {
    draft.isOwn = body.declaration?.file.origin.kind === "own";
    const state: FutureState =
      draft.address === null
        ? { kind: "unknown", reason: whyNotInMemory(draft.value) }
        : futureState(body.coroutine, draft.address, this.reader.memory);
    draft.state = state.kind;
    if (state.kind === "unknown") draft.note = state.reason;
    else draft.place = placeOf(state.state.place);
    if (state.kind !== "suspended" || draft.address === null) return;
    const saved = savedValues(body.coroutine, state.state, draft.address, this.reader);
    draft.locals = saved.values;
    this.locks.push(...saved.locks);
    const { awaitee } = state.state;
    if (awaitee === undefined) {
      draft.note = "the debug info does not say what it awaits";
      return;
    }
    const value = this.reader.at(awaitee.type, draft.address + awaitee.offset);
    draft.children = [this.node(value, this.inside(position, null, body.name))];
    draft.locals = withoutAwaited(saved.values, draft.children, this);
    const kept = keptFutures(saved.values, draft.children, this);
    draft.kept = kept.map((each) => this.node(each, this.inside(position, null)));
  }

  private branches(branches: readonly Branch[], position: Position): FutureNode[] {
    return branches.map(({ label, value }) =>
      this.node(value, this.inside(position, label === "" ? null : label)),
    );
  }

  private inside({ depth, callers }: Position, label: string | null, caller?: string): Position {
    return { label, depth: depth + 1, callers: caller === undefined ? callers : [...callers, caller] };
  }
}

function whyNotInMemory({ location }: Value): string {
  return location.kind === "nowhere" ? location.reason : "it is not in memory";
}

/** A branch of `join` that has returned: of its future only the type is left. */
function ended(
  draft: FutureNode,
  { kind, type }: Exclude<MaybeDone, { kind: "future" }>,
  names: FutureNames,
): FutureNode {
  if (type === undefined) return { ...draft, state: kind };
  return { ...draft, state: kind, name: names.of(type), type: type.name };
}

/** The fields of a leaf; null if it has none. */
function fieldsOf(value: Value, reader: ValueReader): string | null {
  const { kind, byteSize } = value.type;
  if (kind === "unknown" || byteSize === 0) return null;
  return valueText(value, reader, { depth: 2, elements: 4, stringBytes: 32, characters: 120 });
}
