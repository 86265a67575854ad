import type { EnumType, Type } from "../symbols/types/type";
import { oncePerType } from "../values/once-per-type";
import type { ValueReader } from "../values/reader";
import { pathOf, shortName, withoutAliases } from "../values/type-words";
import type { Value } from "../values/value";
import { pointedValue } from "./pointed-future";

/** One of the futures that a combinator polls. */
export interface Branch {
  /** Which: `1` for the first, `[0]` for the first of an array, the member's name where it says more. */
  readonly label: string;
  readonly value: Value;
}

/** One future that polls several. */
export interface Combinator {
  readonly branches: readonly Branch[];
  /** Branches that are not listed because there are too many. */
  readonly omitted: number;
}

/** More branches than anyone reads. */
export const MOST_BRANCHES = 64;

/** Combinators by the full names of their types: their members are the branches, or arrays of them. */
const NUMBERED =
  /^(?:embassy_futures::(?:select::Select|join::Join)\w*|futures_util::future::join::Join\w*)$/;
const NAMED = /^embassy_time::timer::(?:TimeoutFuture|WithTimeout)$/;

/** What a combinator polls; undefined for any other type, and for one without branches. */
export function combinatorOf(value: Value, reader: ValueReader): Combinator | undefined {
  const type = withoutAliases(value.type);
  const naming = branchNaming(type);
  if (type.kind !== "struct" || naming === "none") return undefined;
  const isNamed = naming === "members";
  const branches: Branch[] = [];
  let omitted = 0;
  for (const member of type.members) {
    if (pathOf(member.type) === "core::marker::PhantomData") continue;
    const part = reader.part(value, member);
    const elements = elementsOf(part, reader);
    if (elements === undefined) {
      branches.push({ label: isNamed ? member.name : String(branches.length + 1), value: part });
    } else {
      branches.push(...elements.branches);
      omitted += elements.omitted;
    }
  }
  return branches.length === 0 ? undefined : { branches, omitted };
}

/** How the branches of values of a type are told apart; `none` if it is no combinator. */
const branchNaming = oncePerType((type) => {
  if (type.kind !== "struct") return "none";
  const path = pathOf(type);
  if (NAMED.test(path)) return "members";
  return NUMBERED.test(path) ? "numbers" : "none";
});

/** The elements of an array of futures, or of a pinned slice of them; undefined for anything else. */
export function elementsOf(value: Value, reader: ValueReader): Combinator | undefined {
  const array = withoutAliases(value.type).kind === "array" ? value : sliceBehind(value, reader);
  const type = array && withoutAliases(array.type);
  if (array === undefined || type?.kind !== "array") return undefined;
  const shown = Math.min(type.length, MOST_BRANCHES);
  const branches = Array.from({ length: shown }, (_, i) => ({
    label: `[${i}]`,
    value: reader.element(array, type, i),
  }));
  return { branches, omitted: type.length - shown };
}

function sliceBehind(value: Value, reader: ValueReader): Value | undefined {
  const type = withoutAliases(value.type);
  return type.kind === "struct" ? pointedValue(value, reader) : undefined;
}

/** What `join` keeps of each of its branches. */
export type MaybeDone =
  | { readonly kind: "future"; readonly future: Value }
  /** It has returned, and the combinator keeps its result. */
  | { readonly kind: "done"; readonly type: Type | undefined }
  /** Its result has been taken. */
  | { readonly kind: "gone"; readonly type: Type | undefined };

/** Reads a `MaybeDone`; undefined for any other type. */
export function maybeDone(value: Value, reader: ValueReader): MaybeDone | undefined {
  const type = withoutAliases(value.type);
  if (type.kind !== "enum" || shortName(type) !== "MaybeDone") return undefined;
  const active = reader.activeVariant(value, type);
  if (active.kind !== "variant") return undefined;
  const future = futureOf(type);
  switch (active.variant.name) {
    case "Future": {
      const content = reader.member(reader.part(value, active.variant.payload), "__0");
      return content && { kind: "future", future: content };
    }
    case "Done":
      return { kind: "done", type: future };
    case "Gone":
      return { kind: "gone", type: future };
    default:
      return undefined;
  }
}

/** The type of the future, whichever variant is active: rustc writes type arguments to the variants only. */
function futureOf({ variants }: EnumType): Type | undefined {
  const payload = variants.find(({ name }) => name === "Future")?.payload.type;
  return payload?.kind === "struct" ? payload.members.find(({ name }) => name === "__0")?.type : undefined;
}
