import type { AsyncFunctions, AsyncFunction } from "../../symbols/async-functions";
import type { Type } from "../../symbols/types/type";

/** Types in types; deeper ones are broken. */
const DEEPEST = 64;

/**
 * How many futures of an async function can lie in a value of a type at one time, as far as they lie there by value:
 * 1 for what a chain of awaits ends in, more for the branches of a `join`.
 */
export function mostFutures(wanted: AsyncFunction, within: Type, bodies: AsyncFunctions): number {
  const known = new Map<Type, number>();

  function count(type: Type, depth: number): number {
    if (depth > DEEPEST || type.kind === "unknown") return 0;
    let most = known.get(type);
    if (most === undefined) {
      const body = bodies.ofType(type);
      most = body === wanted ? 1 : body === undefined ? inParts(type, depth + 1) : inStates(body, depth + 1);
      known.set(type, most);
    }
    return most;
  }

  function inStates({ coroutine }: AsyncFunction, depth: number): number {
    const states = coroutine.states.map(({ locals, awaitee }) => {
      // Names that share an offset are one value.
      const places = new Map(
        [...locals, ...(awaitee ? [awaitee] : [])].map((each) => [each.offset, each.type]),
      );
      return [...places.values()].reduce((sum, type) => sum + count(type, depth), 0);
    });
    return Math.max(0, ...states);
  }

  function inParts(type: Type, depth: number): number {
    switch (type.kind) {
      case "struct":
        return type.members.reduce((sum, member) => sum + count(member.type, depth), 0);
      case "union":
        return Math.max(0, ...type.members.map((member) => count(member.type, depth)));
      case "enum":
        return Math.max(0, ...type.variants.map(({ payload }) => count(payload.type, depth)));
      case "array":
        return type.length * count(type.element, depth);
      case "alias":
        return count(type.target, depth);
      default:
        return 0;
    }
  }

  return count(within, 0);
}
