import type { EnumType, Member, Type } from "../../symbols/types/type";
import { assumeInit, isMaybeUninit } from "../../values/maybe-uninit";
import type { ValueReader } from "../../values/reader";
import { formattedShape } from "../../values/shape-of";
import { pathOf, shortName, withoutAliases } from "../../values/type-words";
import type { Value } from "../../values/value";
import type { CoroutineState, SavedLocal } from "../../symbols/types/coroutine";
import { futureState } from "../future-state";
import { mayBeAlive, type SavedValue, savedValues } from "../saved-values";
import { type Place, placeOf } from "../suspension";

/** What a word is, as the types say that lie there. */
export interface WordPlace {
  readonly kind: WordKind;
  /** From the value that was searched: `.receiver_waker`, `[15]`, "" for the value itself. */
  readonly path: string;
  /** Why it is not what it looks like, or why that is not known: a clause. Null for a waker or reference. */
  readonly reason: string | null;
  /** Where the value that holds it is kept, if that is a coroutine. */
  readonly coroutine: { readonly function: string; readonly place: Place | null } | null;
}

export type WordKind =
  /** The data pointer of a `Waker` that is there. */
  | "waker"
  /** A typed reference to the task. */
  | "reference"
  /** A link of the executor's own: it is no waker. */
  | "executor"
  /** Bytes that were left behind: of an `Option` that is `None`, of a local that was dropped, between two fields. */
  | "stale"
  /** It may be one, or bytes that were left behind. */
  | "doubtful";

/** What the executor's types are to who looks for wakers. */
export interface ExecutorTypes {
  /** Whether values of a type are the executor's own bookkeeping, by its path without generics. */
  isOwn(path: string): boolean;
  /** Whether a value of a type is a reference to a task that can wake it. */
  isReference(path: string): boolean;
}

/** Values lie inside each other, so the way down ends; this only bounds damaged debug info. */
const DEEPEST = 100;

/**
 * What the word at an address is, inside a value that it lies in. Types decide, and the discriminants and lengths that
 * stand beside it: not every word that looks like a reference is one.
 */
export function wordPlace(
  value: Value,
  address: number,
  reader: ValueReader,
  types: ExecutorTypes,
): WordPlace {
  const walk = new Walk(address, reader, types);
  let at = value;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const next = walk.step(at);
    if ("kind" in next) return next;
    at = next;
  }
  return walk.end("doubtful", "its types are nested too deeply");
}

class Walk {
  private path = "";
  private doubt: string | null = null;
  private coroutine: WordPlace["coroutine"] = null;
  /** The collection whose elements have been looked through without finding the word. */
  private searched: string | undefined;
  /** The variant that the word must belong to. */
  private variant: string | undefined;

  constructor(
    private readonly address: number,
    private readonly reader: ValueReader,
    private readonly types: ExecutorTypes,
  ) {}

  /** Goes one level down, or says what the word is. */
  step(value: Value): Value | WordPlace {
    const type = withoutAliases(value.type);
    const path = pathOf(type);
    if (this.types.isOwn(path)) return this.end("executor");
    if (path === "core::task::wake::Waker" || path === "core::task::wake::RawWaker") return this.waker(value);
    if (this.types.isReference(path)) return this.end("reference");
    switch (type.kind) {
      case "struct":
        return this.struct(value, type.members);
      case "union":
        return this.union(value);
      case "array":
        return this.array(value, type.element, type.length);
      case "enum":
        return this.enumeration(value, type);
      case "pointer":
        return this.end("doubtful", `a pointer to ${type.target.name}`);
      default:
        return this.end("doubtful", `it is kept as ${type.name}`);
    }
  }

  end(kind: WordKind, reason: string | null = null): WordPlace {
    const { path, coroutine, doubt } = this;
    const isSure = kind === "stale" || kind === "executor" || doubt === null;
    return { kind: isSure ? kind : "doubtful", path, reason: isSure ? reason : doubt, coroutine };
  }

  private waker(value: Value): WordPlace {
    const data = this.reader.member(value, "data");
    if (data !== undefined && this.holds(data)) return this.end("waker");
    return this.end("doubtful", "the word beside a waker's data");
  }

  private struct(value: Value, members: readonly Member[]): Value | WordPlace {
    const shown = this.shownPart(value);
    if (shown !== undefined) return shown;
    const filled = members.filter(({ type }) => type.byteSize > 0);
    const member = filled.find((each) => this.holds(this.reader.part(value, each)));
    if (member === undefined) {
      const what = this.variant === undefined ? "it belongs to no field" : `it is ${this.variant} there`;
      return this.end("stale", what);
    }
    if (filled.length > 1 && !HIDDEN.has(pathOf(value.type)) && !this.isPayload(member.name)) {
      this.path += `.${member.name.replace(/^__(\d+)$/, "$1")}`;
    }
    this.variant = undefined;
    return this.reader.part(value, member);
  }

  /** What a formatter knows of it: which elements of a collection are there, and what was initialised. */
  private shownPart(value: Value): Value | undefined {
    const shape = formattedShape(value, this.reader);
    if (shape?.kind === "list") {
      for (let i = 0; i < shape.count; i++) {
        const element = shape.element(i);
        if (!this.holds(element)) continue;
        this.path += `[${i}]`;
        return element;
      }
      this.searched = shape.name;
    }
    if (shape?.kind !== "wrapped" || shape.inner === undefined || isMaybeUninit(value.type)) return undefined;
    return shape.inner !== value && this.holds(shape.inner) ? shape.inner : undefined;
  }

  private union(value: Value): Value | WordPlace {
    if (!isMaybeUninit(value.type)) return this.end("doubtful", `in the union ${shortName(value.type)}`);
    if (this.searched !== undefined) return this.end("stale", `no element of the ${this.searched} any more`);
    this.doubt ??= "it may be uninitialised";
    return assumeInit(value);
  }

  private array(value: Value, element: Type, length: number): Value | WordPlace {
    const start = this.reader.addressOf(value);
    const index = start === undefined ? -1 : Math.floor((this.address - start) / element.byteSize);
    if (index < 0 || index >= length) return this.end("doubtful", "outside of its array");
    const part = { offset: index * element.byteSize, type: element };
    if (isMaybeUninit(element) && this.searched !== undefined) return this.reader.part(value, part);
    this.path += `[${index}]`;
    return this.reader.part(value, part);
  }

  private enumeration(value: Value, type: EnumType): Value | WordPlace {
    const body = this.reader.symbols.coroutineOf(type);
    if (body !== undefined) return this.suspended(value, body.name, body.coroutine);
    const active = this.reader.activeVariant(value, type);
    if (active.kind !== "variant") {
      return this.end("doubtful", `nothing tells which variant of ${shortName(type)} is there`);
    }
    const { name, payload } = active.variant;
    if (!PLAIN_VARIANTS.has(name)) this.path += `::${name}`;
    this.variant = name;
    return this.reader.part(value, payload);
  }

  /** A local of a coroutine that is parked, or what it awaits there. */
  private suspended(
    value: Value,
    name: string,
    coroutine: Parameters<typeof futureState>[0],
  ): Value | WordPlace {
    const base = this.reader.addressOf(value);
    if (base === undefined) return this.end("doubtful", "not in memory");
    const found = futureState(coroutine, base, this.reader.memory);
    if (found.kind === "unknown") return this.end("doubtful", found.reason);
    if (found.kind === "returned" || found.kind === "panicked") {
      return this.end("stale", `${name} has ${found.kind}`);
    }
    this.coroutine = { function: name, place: placeOf(found.state.place) };
    this.path = "";
    const { awaitee } = found.state;
    const local = awaitee !== undefined && this.isIn(awaitee, base) ? awaitee : undefined;
    if (local !== undefined) return this.reader.part(value, local);
    return this.savedLocal(value, coroutine, found.state);
  }

  private savedLocal(
    value: Value,
    coroutine: Parameters<typeof futureState>[0],
    state: CoroutineState,
  ): Value | WordPlace {
    const base = this.reader.addressOf(value) ?? 0;
    const saved = savedValues(coroutine, state, base, this.reader).values;
    const isAt = (local: SavedLocal) =>
      saved.find(
        ({ address, name }) => address === base + local.offset && (name ?? local.name) === local.name,
      );
    const here = state.locals.filter((local) => this.isIn(local, base) && isAt(local) !== undefined);
    const live = here.find((local) => mayBeAlive(isAt(local)!.liveness));
    if (live === undefined) {
      const [left] = here;
      return this.end("stale", left === undefined ? "nothing is kept there" : whyLeft(left, isAt(left)!));
    }
    if (isAt(live)?.liveness === "maybe-dropped") this.doubt ??= `${live.name} may have been dropped`;
    this.path = live.name;
    return this.reader.part(value, live);
  }

  private isIn({ offset, byteSize }: SavedLocal, base: number): boolean {
    return this.address >= base + offset && this.address < base + offset + byteSize;
  }

  private isPayload(name: string): boolean {
    return this.variant !== undefined && /^__\d+$/.test(name);
  }

  private holds(value: Value): boolean {
    const start = this.reader.addressOf(value);
    return start !== undefined && this.address >= start && this.address < start + value.type.byteSize;
  }
}

function whyLeft({ name }: SavedLocal, { liveness }: SavedValue): string {
  return liveness === "dropped" ? `${name} was dropped` : `${name} is needed no more`;
}

/** Wrappers whose field says nothing more than that it is the content. */
const HIDDEN = new Set(["core::cell::RefCell"]);

/** Variants that are what a reader expects. */
const PLAIN_VARIANTS = new Set(["Some", "Ok"]);
