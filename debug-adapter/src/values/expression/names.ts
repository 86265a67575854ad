import type { Type } from "../../symbols/types/type";
import type { StaticSymbol, SymbolLookup } from "../symbol-lookup";

/** Names that an error lists. */
const MOST_NAMES = 4;

/**
 * A static by its full name, or by the end of it if only one ends so. A clause that says what is wrong if there is
 * none, or more than one.
 */
export function findStatic(name: string, { statics }: SymbolLookup): StaticSymbol | string {
  const exact = statics.find((each) => each.name === name);
  if (exact !== undefined) return exact;
  const ending = statics.filter((each) => each.name.endsWith(`::${name}`));
  const [first] = ending;
  if (first === undefined) return `there is no variable or static ${name}`;
  if (ending.every(({ address }) => address === first.address)) return first;
  return `${name} may be ${listed(ending.map((each) => each.name))}; write more of its path`;
}

/** A type by its full name, or by the end of it if only one ends so. */
export function findType(name: string, symbols: SymbolLookup): Type | string {
  const exact = symbols.typeNamed(name);
  if (exact !== undefined) return exact;
  const ending = symbols.typesEnding(name);
  const names = [...new Set(ending.map((each) => each.name))];
  if (names.length === 0) return `there is no type ${name}`;
  return names.length === 1 ? ending[0]! : `${name} may be ${listed(names)}; write more of its path`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES);
  return shown.join(", ") + (names.length > MOST_NAMES ? `, … (${names.length})` : "");
}
