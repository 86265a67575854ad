import type { AsyncFunction } from "../../../symbols/async-functions";
import type { Program } from "../../../symbols/program";
import type { Type } from "../../../symbols/types/type";

/** A place in a task's future where a coroutine may lie by value. */
export interface FuturePlace {
  /** In bytes from the begin of the task's future. */
  readonly offset: number;
  readonly body: AsyncFunction;
  /**
   * Whether the coroutine around it can go on without it: a branch of a combinator, or a variable. What is awaited
   * directly has ended when the one that awaits it goes on.
   */
  readonly isDroppable: boolean;
}

/** Types in types; values lie inside each other, so only damaged debug info is deeper. */
const DEEPEST = 32;

/** Elements of an array that are looked at. */
const MOST_ELEMENTS = 64;

/** Places in one task, so that a firmware with huge futures is watched in part and not for ever. */
const MOST_PLACES = 1024;

/** Every place in a task's future where another coroutine may lie, as the debug info lays it out. */
export function futurePlaces(task: AsyncFunction, program: Program): FuturePlace[] {
  const found = new Map<string, FuturePlace>();
  const seen = new Set<string>();
  visitStates(task, 0, 0);
  return [...found.values()];

  function visitStates({ coroutine }: AsyncFunction, base: number, depth: number): void {
    for (const { locals, awaitee } of coroutine.states) {
      for (const { type, offset } of locals) visit(type, base + offset, { isDroppable: true, depth });
      if (awaitee !== undefined)
        visit(awaitee.type, base + awaitee.offset, { isDroppable: false, depth, isAwaitee: true });
    }
  }

  function visit(
    type: Type,
    offset: number,
    { isDroppable, depth, isAwaitee = false }: { isDroppable: boolean; depth: number; isAwaitee?: boolean },
  ): void {
    if (depth > DEEPEST || found.size >= MOST_PLACES) return;
    const key = `${offset}:${type.offset}:${isAwaitee}`;
    if (type.kind === "base" || type.kind === "pointer" || seen.has(key)) return;
    seen.add(key);
    const body = program.asyncFunctions.ofType(type);
    if (body !== undefined) {
      addPlace({ offset, body, isDroppable });
      visitStates(body, offset, depth + 1);
      return;
    }
    const inside = { isDroppable: true, depth: depth + 1 };
    switch (type.kind) {
      case "alias":
        visit(type.target, offset, { isDroppable, depth: depth + 1, isAwaitee });
        break;
      case "struct":
      case "union":
        for (const member of type.members) visit(member.type, offset + member.offset, inside);
        break;
      case "enum":
        for (const { payload } of type.variants) visit(payload.type, offset + payload.offset, inside);
        break;
      case "array":
        for (let i = 0; i < Math.min(type.length, MOST_ELEMENTS); i++)
          visit(type.element, offset + i * type.element.byteSize, inside);
        break;
      case "plain-enum":
      case "subroutine":
      case "unknown":
    }
  }

  function addPlace(place: FuturePlace): void {
    const key = `${place.offset}:${place.body.coroutine.type.name}`;
    const known = found.get(key);
    if (known === undefined || (place.isDroppable && !known.isDroppable)) found.set(key, place);
  }
}
