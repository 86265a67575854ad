import type { Program } from "../symbols/program";
import type { Type } from "../symbols/types/type";
import type { ValueReader } from "../values/reader";
import { pathOf, shortName, withoutAliases } from "../values/type-words";
import type { Value } from "../values/value";
import { type Branch, combinatorOf, elementsOf, MOST_BRANCHES } from "./combinators";
import { isKnownLeaf } from "./leaf-futures";
import { pointedValue } from "./pointed-future";

/** Structs in structs that are searched for futures. */
const DEEPEST = 4;

/**
 * The futures that a hand-written future or closure contains: members, at some depth, that are coroutines, combinators
 * or leaf futures that are known, in place or behind a reference that may poll them. Each with its member's name.
 */
export function containedFutures(value: Value, reader: ValueReader, program: Program): Branch[] {
  const found: Branch[] = [];
  collect(value, "", DEEPEST);
  return found;

  function collect(at: Value, label: string, depth: number): void {
    if (depth === 0 || found.length >= MOST_BRANCHES) return;
    for (const part of partsOf(at, reader)) {
      const name = [label, part.label].filter((each) => each !== "").join(".");
      const target = futureAt(part.value, reader, program);
      if (target !== undefined) found.push({ label: name, value: target });
      else if (!isPointer(part.value.type)) collect(part.value, name, depth - 1);
      if (found.length >= MOST_BRANCHES) return;
    }
  }
}

/** What a value leads to, if that is a future; a shared reference cannot poll what it refers to. */
function futureAt(value: Value, reader: ValueReader, program: Program): Value | undefined {
  if (/^(?:&(?!mut )|\*)/.test(value.type.name)) return undefined;
  const target = pointedValue(value, reader);
  return target !== undefined && isFuture(target, reader, program) ? target : undefined;
}

function isFuture(value: Value, reader: ValueReader, program: Program): boolean {
  const type = withoutAliases(value.type);
  if (program.asyncFunctions.ofType(type) !== undefined || isKnownLeaf(type)) return true;
  if (type.kind === "enum") return shortName(type) === "MaybeDone";
  return pathOf(type) === "core::future::poll_fn::PollFn" || combinatorOf(value, reader) !== undefined;
}

function isPointer(type: Type): boolean {
  return withoutAliases(type).kind === "pointer" || type.name.startsWith("&");
}

function partsOf(value: Value, reader: ValueReader): readonly Branch[] {
  const type = withoutAliases(value.type);
  switch (type.kind) {
    case "struct":
      return type.members.map((member) => ({
        label: memberLabel(member.name),
        value: reader.part(value, member),
      }));
    case "array":
      return type.element.byteSize === 0 ? [] : (elementsOf(value, reader)?.branches ?? []);
    case "enum": {
      const active = reader.activeVariant(value, type);
      return active.kind === "variant"
        ? [{ label: "", value: reader.part(value, active.variant.payload) }]
        : [];
    }
    default:
      return [];
  }
}

/** A captured variable has its own name; a field that goes by position has none worth saying. */
function memberLabel(name: string): string {
  const own = name.replace(/^_ref__/, "");
  return /^__\d+$/.test(own) ? "" : own;
}
