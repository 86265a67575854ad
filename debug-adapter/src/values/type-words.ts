import type { Type } from "../symbols/types/type";
import { oncePerType } from "./once-per-type";
import { pathComponents, withoutGenerics } from "../symbols/types/type-name";

/** Chains of names for types are short; one that refers to itself is broken. */
const MOST_ALIASES = 16;

/** What a type is once other names for it are taken off. */
export function withoutAliases(type: Type): Type {
  let bare = type;
  for (let i = 0; i < MOST_ALIASES && bare.kind === "alias"; i++) bare = bare.target;
  return bare;
}

/** The path of a type without generic arguments: `core::cell::RefCell`. */
export const pathOf = oncePerType((type) => withoutGenerics(type.name));

/** The last part of a type's path, as `{:?}` names a struct: `RefCell`; "" for a tuple. */
export const shortName = oncePerType((type) =>
  type.name.startsWith("(") ? "" : (pathComponents(pathOf(type)).at(-1) ?? ""),
);
