import type { Body, Value } from "../flow/body";
import type { Rule } from "../rule";
import { inAsyncCode } from "../rule-words";
import { ANY_INTEGER, type Type } from "../semantics/type";
import { awaitsOver, placeOf } from "./held-guards";

export const largeLocalAcrossAwait: Rule = {
  code: "large-local-across-await",
  severity: "note",
  summary: "a large array is kept across an await, and so takes that much of the task's memory",
  alsoAllowedBy: ["clippy::large_futures", "clippy::large_stack_arrays"],
  concerns: inAsyncCode,
  check(item, report) {
    const limit = item.isFirmware ? item.options.largeLocal.firmware : item.options.largeLocal.host;
    for (const body of item.bodies) {
      if (!body.isAsync || !body.isComplete) continue;
      for (const value of body.values) {
        if (value.kind === "temporary" || value.kind === "captured") continue;
        const bytes = sizeOf(value.type);
        if (bytes === undefined || bytes < limit) continue;
        const points = awaitsOver(body, value).filter((each) => isUsedFrom(body, value, each.node.start));
        const [first] = points;
        if (first === undefined) continue;
        report({
          at: value.born,
          message: largeLocalMessage(value.name, `${isLeast(value.type) ? "at least " : ""}${bytes} bytes`),
          related: [{ ...placeOf(first), message: "it is saved here" }],
          facts: {
            function: body.name,
            awaits: points.map((each) => placeOf(each).start),
            variable: value.name,
            bytes,
          },
        });
      }
    }
  },
};

/** What is said of a local that takes `size`: `4096 bytes`. */
export function largeLocalMessage(name: string, size: string): string {
  return `\`${name}\` takes ${size} and is kept across an await, so the task's future has room for it all the time`;
}

/** Whether the value is used at or behind a place, so that the compiler has to save it. */
function isUsedFrom(body: Body, value: Value, start: number): boolean {
  return body.uses.some((each) => each.value === value.id && each.node.start >= start);
}

/** Whether the size is that of the smallest type that it can have. */
function isLeast(type: Type): boolean {
  if (type.kind === "array") return isLeast(type.of);
  return type.kind === "path" && (type.path === ANY_INTEGER || type.args.some(isLeast));
}

const SIZES: Readonly<Record<string, number>> = {
  [ANY_INTEGER]: 1,
  bool: 1,
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  char: 4,
  u64: 8,
  i64: 8,
  f64: 8,
  u128: 16,
  i128: 16,
};

/** Bytes of arrays of numbers, and of collections of them that keep what they hold in themselves; undefined for others. */
export function sizeOf(type: Type): number | undefined {
  if (type.kind === "array") {
    const element = elementSize(type.of);
    return element === undefined || type.length === undefined ? undefined : element * type.length;
  }
  if (type.kind !== "path") return undefined;
  if (type.path === "heapless::Vec" || type.path === "heapless::String") {
    const isText = type.path === "heapless::String";
    const element = isText ? 1 : elementSize(type.args[0]);
    const count = type.args[isText ? 0 : 1];
    const capacity = count?.kind === "path" ? Number(count.path) : Number.NaN;
    return element === undefined || !Number.isInteger(capacity) ? undefined : element * capacity;
  }
  return undefined;
}

function elementSize(type: Type | undefined): number | undefined {
  if (type === undefined) return undefined;
  if (type.kind === "path" && Object.hasOwn(SIZES, type.path)) return SIZES[type.path];
  return sizeOf(type);
}
