import { asyncName } from "../symbols/async-names";
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

/**
 * The last part of a type's path, as `{:?}` names a struct: `RefCell`; "" for a tuple. A closure has no name: it is
 * `{closure in timer::next}`.
 */
export const shortName = oncePerType((type) => {
  if (type.name.startsWith("(")) return "";
  const components = pathComponents(pathOf(type));
  return isClosure(type) ? closureName(components) : (components.at(-1) ?? "");
});

/** What rustc puts before the name of a variable that a closure captures by reference. */
const BY_REFERENCE = /^_ref__/;

/** The name of a member as the source has it. */
export function sourceName(name: string, of: Type): string {
  return isClosure(of) ? name.replace(BY_REFERENCE, "") : name;
}

const isClosure = oncePerType((type) => /(?:^|::)\{closure_env#\d+\}$/.test(pathOf(type)));

/** After the function it stands in, with the type or module around that. */
function closureName(path: readonly string[]): string {
  const outer = path.slice(0, -1).join("::");
  const words = pathComponents(withoutGenerics(asyncName(outer)?.name ?? outer));
  const around = words.filter((word) => word !== "" && !word.startsWith("{")).slice(-2);
  return around.length === 0 ? "{closure}" : `{closure in ${around.join("::")}}`;
}
