import { guardType } from "#adapter/futures/guards";
import type { Program } from "#adapter/symbols/program";
import type { Type } from "#adapter/symbols/types/type";
import { pathOf, withoutAliases } from "#adapter/values/type-words";
import type { GuardFact } from "./layout-facts";

/** Guards lie in options, results, tuples and structs. */
const DEEPEST = 4;

/**
 * Guards of locks that nobody can wait for, beside those whose memory is read while firmware runs: here the type alone is
 * of interest. Each is named with its crate, so that a type of the same last name is not taken for one.
 */
const BLOCKING =
  /^(?:std::sync::(?:[a-z]+::)*(?:Mutex|RwLockRead|RwLockWrite|MappedMutex|MappedRwLockRead|MappedRwLockWrite|Reentrant[A-Za-z]*)Guard|lock_api::(?:[a-z]+::)*[A-Z][A-Za-z]*Guard|spin::(?:[a-z]+::)*[A-Z][A-Za-z]*Guard)$/;

/** The guards that lie in values of a type, in place; a future that lies there keeps its guards for itself. */
export function guardsIn(type: Type, program: Program): GuardFact[] {
  const found = new Map<string, GuardFact>();
  collect(type, DEEPEST, false);
  return [...found.values()];

  function collect(outer: Type, depth: number, isOptional: boolean): void {
    const guard = guardOf(outer);
    if (guard !== undefined) {
      const isCertain = found.get(guard.type)?.isOptional === false;
      found.set(guard.type, { ...guard, isOptional: isOptional && !isCertain });
      return;
    }
    const bare = withoutAliases(outer);
    if (depth === 0 || program.asyncFunctions.ofType(bare) !== undefined) return;
    if (bare.kind === "struct")
      for (const { type: part } of bare.members) collect(part, depth - 1, isOptional);
    if (bare.kind === "array" && bare.length > 0) collect(bare.element, depth - 1, isOptional);
    if (bare.kind === "enum") for (const { payload } of bare.variants) collect(payload.type, depth - 1, true);
  }
}

function guardOf(type: Type): Omit<GuardFact, "isOptional"> | undefined {
  const known = guardType(type);
  if (known !== undefined) return { type: known.path, isBlocking: known.isBlocking };
  const path = pathOf(type);
  return BLOCKING.test(path) ? { type: path, isBlocking: true } : undefined;
}
