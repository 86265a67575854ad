import type { ValueReader } from "../values/reader";
import { pathOf, withoutAliases } from "../values/type-words";
import type { Value } from "../values/value";
import { pointedValue } from "./pointed-future";

/** A future that waits at an object refers to it within a few members and references. */
const DEEPEST = 6;

/** Values that are looked at before the search is given up. */
const MOST_VISITED = 200;

/**
 * The first value of one of some types, by their full names without generic arguments, that a value is, contains or
 * refers to; what is nearer comes first. How libraries name their fields and captures does not matter.
 */
export function findObject(value: Value, paths: readonly string[], reader: ValueReader): Value | undefined {
  let level = [value];
  let visited = 0;
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    const next: Value[] = [];
    for (const each of level) {
      if (++visited > MOST_VISITED) return undefined;
      if (paths.includes(pathOf(each.type))) return each;
      next.push(...partsOf(each, reader));
    }
    level = next;
  }
  return undefined;
}

function partsOf(value: Value, reader: ValueReader): Value[] {
  const target = pointedValue(value, reader);
  if (target === undefined) return [];
  if (target !== value) return [target];
  const type = withoutAliases(value.type);
  if (type.kind === "struct") {
    return type.members
      .filter((member) => member.type.byteSize > 0)
      .map((member) => reader.part(value, member));
  }
  if (type.kind !== "enum") return [];
  const active = reader.activeVariant(value, type);
  return active.kind === "variant" ? [reader.part(value, active.variant.payload)] : [];
}
