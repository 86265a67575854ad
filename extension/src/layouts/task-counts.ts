import type { TaskPool } from "#adapter/executor/embassy/layout";
import type { AsyncFunction } from "#adapter/symbols/async-functions";
import type { Program } from "#adapter/symbols/program";
import type { Type } from "#adapter/symbols/types/type";

/** Types lie in types by value, so this only bounds damaged debug info. */
const DEEPEST = 64;

/**
 * In how many slots of task pools each async function is, as the task's own future or as a part of it: kept, awaited, or
 * a branch of what is awaited. One that no task contains is not listed.
 */
export function taskCounts(pools: readonly TaskPool[], program: Program): Map<AsyncFunction, number> {
  const counts = new Map<AsyncFunction, number>();
  for (const { body, slots } of pools) {
    if (body === undefined) continue;
    for (const each of futuresIn(body, program)) counts.set(each, (counts.get(each) ?? 0) + slots);
  }
  return counts;
}

function futuresIn(outer: AsyncFunction, program: Program): Set<AsyncFunction> {
  const found = new Set<AsyncFunction>();
  const seen = new Set<number>();
  visit(outer.coroutine.type, DEEPEST);
  return found;

  function visit(type: Type, depth: number): void {
    if (depth === 0 || seen.has(type.offset)) return;
    seen.add(type.offset);
    const body = program.asyncFunctions.ofType(type);
    if (body === undefined) {
      for (const part of partsOf(type)) visit(part, depth - 1);
      return;
    }
    if (found.has(body)) return;
    found.add(body);
    for (const { locals, awaitee } of body.coroutine.states) {
      for (const local of locals) visit(local.type, depth - 1);
      if (awaitee !== undefined) visit(awaitee.type, depth - 1);
    }
  }
}

/** What lies in values of a type, in place: a reference to a future does not make it a part. */
function partsOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case "struct":
    case "union":
      return type.members.map((member) => member.type);
    case "enum":
      return type.variants.map(({ payload }) => payload.type);
    case "array":
      return [type.element];
    case "alias":
      return [type.target];
    case "base":
    case "plain-enum":
    case "pointer":
    case "subroutine":
    case "unknown":
      return [];
  }
}
