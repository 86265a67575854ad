import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLocation } from "#adapter/dwarf/location";
import type { Type } from "#adapter/symbols/types/type";
import { childrenOf } from "#adapter/values/children";
import { evaluate } from "#adapter/values/expression/evaluate";
import type { Limits } from "#adapter/values/limits";
import { ValueReader } from "#adapter/values/reader";
import type { NamedValue, Value } from "#adapter/values/value";
import { valueText } from "#adapter/values/value-text";
import { firmwareFiles } from "#test/helpers/firmware";
import { Random } from "#test/helpers/random";
import { notStarted } from "./firmware-values";

/** It has one of every object of embassy-sync. */
const SYNC = "test/firmware/suspended/prebuilt/suspended-sync-release.elf";

const RAM = 0x2000_0000;
const SIZE = 1 << 16;
const LIMITS: Limits = { depth: 4, elements: 8, stringBytes: 40, characters: 200 };

/**
 * What one part can add to a line that is full: the longest name of a type or static with the words around it, or a
 * string of `stringBytes` in which each byte is escaped.
 */
const LONGEST_PART = 4000;

/** Values of one type that are looked at, children included. */
const MOST_CHILDREN = 12;

/** Words as pointers into the memory itself, so that circles are frequent; small numbers; and noise. */
function randomMemory(random: Random): Uint8Array {
  const memory = new Uint8Array(SIZE);
  const view = new DataView(memory.buffer);
  for (let at = 0; at < SIZE; at += 4) {
    const kind = random.below(4);
    const word =
      kind === 0 ? RAM + 4 * random.below(SIZE / 4) : kind === 1 ? random.below(8) : random.operand();
    view.setUint32(at, word, true);
  }
  return memory;
}

/** A type of each name, at most `count` of them, spread over all. */
function someTypes(types: readonly Type[], count: number): Type[] {
  const distinct = [...new Map(types.map((type) => [type.name, type])).values()];
  const step = Math.max(1, distinct.length / count);
  return Array.from({ length: Math.min(count, distinct.length) }, (_, i) => distinct[Math.floor(i * step)]!);
}

/** Writes a value and what is below it, down some levels. */
function lookAt(value: Value, reader: ValueReader, depth: number): void {
  const text = valueText(value, reader, LIMITS);
  expect(text.length).toBeLessThan(LIMITS.characters + LONGEST_PART);
  if (depth === 0) return;
  const children = childrenOf(value, reader);
  const { indexed, named } = children;
  const some: readonly NamedValue[] = [
    ...named,
    ...children.elements(0, 2),
    ...children.elements(Math.max(0, indexed - 1), 2),
  ];
  for (const child of some.slice(0, MOST_CHILDREN)) lookAt(child.value, reader, depth - 1);
}

describe("random memory under the types of a program", () => {
  it.each([...firmwareFiles(), SYNC])("is shown within the limits, in %s", (path) => {
    const { program, reader: loaded } = notStarted(path);
    const random = new Random(20_260_101);
    const bytes = randomMemory(random);
    const memory = {
      read: (at: number, length: number) =>
        at >= RAM && at + length <= RAM + SIZE
          ? bytes.subarray(at - RAM, at - RAM + length)
          : loaded.memory.read(at, length),
      readUint: (at: number, size: 1 | 2 | 4) => loaded.memory.readUint(at, size),
    };
    const reader = new ValueReader(memory, loaded.symbols);
    const types = program.types.rowsWhere(() => true).map((row) => program.types.ofRow(row));
    for (const type of someTypes(types, 600)) {
      lookAt(reader.at(type, RAM + 4 * random.below(SIZE / 8)), reader, 2);
      const gathered = { bytes: bytes.slice(0, Math.min(type.byteSize, 64)), missing: [] };
      lookAt({ type, location: { kind: "gathered", located: gathered, offset: 0 } }, reader, 1);
    }
  });
});

describe("any location", () => {
  const { program, reader } = notStarted("test/values/fixture/values.elf");
  const types = program.types.rowsWhere(() => true).map((row) => program.types.ofRow(row));
  const simple = fc.oneof(
    fc.record({ kind: fc.constant("memory" as const), address: fc.nat(0xffff_ffff) }),
    fc.record({ kind: fc.constant("register" as const), register: fc.nat(16) }),
    fc.record({ kind: fc.constant("value" as const), bytes: fc.uint8Array({ maxLength: 20 }) }),
    fc.constant({ kind: "optimized-out" as const }),
  );
  const piece = fc.record({
    location: simple,
    bitSize: fc.integer({ min: 1, max: 80 }),
    bitOffset: fc.nat(40),
  });

  it("gives every type a text", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), fc.nat(types.length - 1), (pieces, i) => {
        const type = types[i]!;
        const register = (number: number) => (number < 8 ? number * 0x01010101 : undefined);
        const located = readLocation(pieces, Math.min(type.byteSize, 4096), {
          register,
          memory: reader.memory,
        });
        lookAt({ type, location: { kind: "gathered", located, offset: 0 } }, reader, 2);
      }),
      { numRuns: 500 },
    );
  });
});

describe("any expression", () => {
  const { reader } = notStarted("test/values/fixture/values.elf");
  const words = [
    ...Array.from("+-*/%&|^!<>()[].:= '\""),
    ...["1", "0x7f", "2.5", "'a'", '"s"', "true", "as", "u8", "*const", "i32", "..", "==", "&&", "<<"],
    ...[
      "NUMBERS",
      "POINT",
      "x",
      "LIGHT",
      "FIRST",
      "next",
      "TEXT",
      "EVENTS",
      "ZEROS",
      "values::GRID",
      "u8::MAX",
    ],
  ];

  it("has a value or an error within it", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 12 }), fc.boolean(), (parts, isSpaced) => {
        const text = parts.join(isSpaced ? " " : "");
        const found = evaluate(text, reader);
        if (found.kind === "value") valueText(found.value, reader, LIMITS);
        else {
          expect(found.position).toBeGreaterThanOrEqual(0);
          expect(found.position).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
