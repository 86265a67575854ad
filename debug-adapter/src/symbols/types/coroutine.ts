import type { SourcePlace } from "../source-files";
import type { EnumType, Member, Type, Variant } from "./type";

/**
 * The state machine that the compiler makes of an `async fn`, block or closure, in memory:
 *
 *     offset  0        8                    24   26
 *             | ticker | __awaitee: Next    |led |__state|
 *             +--------+--------------------+----+-------+
 *     Suspend0 uses all of it; in another state the same bytes hold something else.
 */
export interface Coroutine {
  readonly type: EnumType;
  /** In bytes. */
  readonly byteSize: number;
  readonly alignment: number;
  /** The number that says which state it is in. While it is being polled, still that of the last suspension. */
  readonly discriminant: { readonly offset: number; readonly byteSize: number };
  /** In the order of their discriminants: Unresumed, Returned, Panicked, then the suspend points. */
  readonly states: readonly CoroutineState[];
}

export type StateKind =
  /** Created, never polled. */
  | "unresumed"
  /** Ran to its end. */
  | "returned"
  /** Ended by a panic. */
  | "panicked"
  /** Parked at an await. */
  | "suspended";

export interface CoroutineState {
  readonly kind: StateKind;
  /** As the compiler calls it: `Unresumed`, `Suspend0`. */
  readonly name: string;
  /** Number of the suspend point, from 0 in the order of the source; undefined for the other kinds. */
  readonly suspendPoint: number | undefined;
  /** Value of the coroutine's discriminant in this state. */
  readonly discriminant: number;
  /**
   * A suspend point's `.await`; for Unresumed the head of the async fn, for the other two its end. Inside a macro it
   * is the line where the macro is defined.
   */
  readonly place: SourcePlace | undefined;
  /** What is kept in this state, without the awaitee. */
  readonly locals: readonly SavedLocal[];
  /** The future being awaited. */
  readonly awaitee: SavedLocal | undefined;
}

/** A value that is kept across an await. */
export interface SavedLocal {
  readonly name: string;
  readonly role: LocalRole;
  /** In bytes from the start of the coroutine. */
  readonly offset: number;
  readonly byteSize: number;
  readonly type: Type;
  /**
   * How many variables of this name the state keeps, where it keeps several. The debug info gives all of them the place
   * of the first, so it is one of them that lies here, and nothing says where the others are.
   */
  readonly namesakes?: number;
}

export type LocalRole =
  | "variable"
  /** Captured by reference: the value is a pointer to what the name stands for in the source. */
  | "reference"
  /** A `bool` of the compiler's: 1 while a variable that may have been moved still has to be dropped. */
  | "drop-flag"
  /** A value without a name, as of an expression that is not finished. */
  | "temporary"
  | "awaitee";

/** Reads an enum as a coroutine, or undefined, with the reason, if it is laid out otherwise. */
export function readCoroutine(type: EnumType, problem: (what: string) => void): Coroutine | undefined {
  const { discriminant } = type;
  if (discriminant === undefined) {
    problem("the coroutine has no discriminant");
    return undefined;
  }
  const states: CoroutineState[] = [];
  const created = type.variants.find(({ name }) => name === "Unresumed");
  const captured = new Set(created === undefined ? [] : membersOf(created.payload).map(({ name }) => name));
  for (const variant of type.variants) {
    const state = readState(variant, captured);
    if (typeof state === "string") problem(state);
    else states.push(state);
  }
  return {
    type,
    byteSize: type.byteSize,
    alignment: type.alignment,
    discriminant: { offset: discriminant.offset, byteSize: discriminant.type.byteSize },
    states: states.sort((a, b) => a.discriminant - b.discriminant),
  };
}

/** The state that a discriminant stands for. */
export function stateOf(coroutine: Coroutine, discriminant: number): CoroutineState | undefined {
  return coroutine.states.find((state) => state.discriminant === discriminant);
}

/** Bytes in use, each counted once: values lie over each other where one is a part of another. */
export function bytesInUse(values: readonly Pick<SavedLocal, "offset" | "byteSize">[]): number {
  let end = 0;
  let bytes = 0;
  for (const { offset, byteSize } of values.toSorted((a, b) => a.offset - b.offset)) {
    bytes += Math.max(0, offset + byteSize - Math.max(end, offset));
    end = Math.max(end, offset + byteSize);
  }
  return bytes;
}

function readState(
  { name, discriminants, payload }: Variant,
  captured: ReadonlySet<string>,
): CoroutineState | string {
  const discriminant = discriminants?.[0]?.low;
  if (discriminant === undefined) return `state ${name} has no discriminant`;
  const suspendPoint = /^Suspend(\d+)$/.exec(name)?.[1];
  const kind = KINDS[name] ?? (suspendPoint === undefined ? undefined : "suspended");
  if (kind === undefined) return `state ${name} is of no known kind`;
  const saved = readSaved(payload, captured);
  return {
    kind,
    name,
    suspendPoint: suspendPoint === undefined ? undefined : Number(suspendPoint),
    discriminant: Number(discriminant),
    place: payload.declaration,
    locals: saved.filter(({ role }) => role !== "awaitee"),
    awaitee: saved.find(({ role }) => role === "awaitee"),
  };
}

const KINDS: Readonly<Record<string, StateKind | undefined>> = {
  Unresumed: "unresumed",
  Returned: "returned",
  Panicked: "panicked",
};

/**
 * Members repeat. What a coroutine was created with is a member of every state, besides the variable that it is bound
 * to, at the place of that; further members of one name are variables that shadow each other.
 */
function readSaved(payload: Member, captured: ReadonlySet<string>): SavedLocal[] {
  const members = membersOf(payload);
  const saved = new Map<string, SavedLocal>();
  for (const member of members) {
    const key = `${member.name}@${member.offset}`;
    if (saved.has(key)) continue;
    const alike = members.filter(({ name, offset }) => name === member.name && offset === member.offset);
    const variables = alike.length - (captured.has(member.name) ? 1 : 0);
    const local = readLocal(member, payload.offset);
    saved.set(key, variables > 1 ? { ...local, namesakes: variables } : local);
  }
  return [...saved.values()];
}

function membersOf({ type }: Member): readonly Member[] {
  return type.kind === "struct" ? type.members : [];
}

function readLocal(member: Member, base: number): SavedLocal {
  const { type } = member;
  const role = roleOf(member);
  return {
    name: role === "reference" ? member.name.slice(REFERENCE_PREFIX.length) : member.name,
    role,
    offset: base + member.offset,
    byteSize: type.byteSize,
    type,
  };
}

const REFERENCE_PREFIX = "_ref__";

function roleOf({ name, type }: Member): LocalRole {
  if (name === "__awaitee") return "awaitee";
  if (name.startsWith(REFERENCE_PREFIX)) return "reference";
  if (!/^__\d+$/.test(name)) return "variable";
  return type.kind === "base" && type.encoding === "boolean" ? "drop-flag" : "temporary";
}
