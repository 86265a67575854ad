import { expect, it } from "vitest";
import type { StaticVariable } from "#adapter/symbols/static-variable";
import type { BaseType } from "#adapter/symbols/types/type";
import { valueText } from "#adapter/values/value-text";
import type { ValueReader } from "#adapter/values/reader";
import { decodeScalar } from "#adapter/values/scalar";
import type { Value } from "#adapter/values/value";
import { firmwareFiles } from "#test/helpers/firmware";
import { describeWithTool } from "#test/helpers/tool";
import { notStarted, stoppedAt, type StoppedProgram } from "./firmware-values";
import { gdbPrints } from "./gdb-values";

/** A number somewhere in a static, and what gdb calls it. */
interface Leaf {
  readonly expression: string;
  readonly value: Value;
}

/** What gdb 13 prints wrongly, and how one can know. */
const GDB_IS_WRONG: Readonly<Record<string, string | undefined>> = {
  // `Err(Never)` cannot be, so that there is no discriminant; gdb takes the last variant. values.rs says `Ok(3)`.
  "values::FALLIBLE.0": "values::Never",
};

/** Of arrays the first elements and the last are compared. */
const MOST_ELEMENTS = 3;
const MOST_LEAVES_OF_ONE = 40;
const DEEPEST = 12;

/**
 * gdb 13 aborts with an internal error when it has to find the variant of an enum that lies in another one's niche
 * (`gdbtypes.h: field: Assertion idx >= 0`), so that enums in enums cannot be compared.
 */
function leavesOf(leaf: Leaf, reader: ValueReader, depth: number, isInEnum: boolean): Leaf[] {
  const { expression, value } = leaf;
  const { type } = value;
  if (depth > DEEPEST || type.byteSize === 0) return [];
  switch (type.kind) {
    case "base":
    case "pointer":
    case "plain-enum":
      return [leaf];
    case "array": {
      const last = type.length > MOST_ELEMENTS ? [type.length - 1] : [];
      const indices = [...Array(Math.min(type.length, MOST_ELEMENTS)).keys(), ...last];
      return indices.flatMap((i) =>
        leavesOf(
          { expression: `${expression}[${i}]`, value: reader.element(value, type, i) },
          reader,
          depth + 1,
          isInEnum,
        ),
      );
    }
    case "struct":
    case "union":
      return type.members.flatMap((member) => {
        const name = member.name.replace(/^__(\d+)$/, "$1");
        const inner = { expression: `${expression}.${name}`, value: reader.part(value, member) };
        return leavesOf(inner, reader, depth + 1, isInEnum);
      });
    case "enum": {
      const active = reader.activeVariant(value, type);
      if (isInEnum || active.kind !== "variant") return [];
      const content = { expression, value: reader.part(value, active.variant.payload) };
      return leavesOf(content, reader, depth + 1, true);
    }
    default:
      return [];
  }
}

function allLeaves({ reader }: StoppedProgram, statics: readonly StaticVariable[]): Leaf[] {
  return statics.flatMap(({ name, type, address }) =>
    leavesOf({ expression: name, value: reader.at(type, address) }, reader, 0, false).slice(
      0,
      MOST_LEAVES_OF_ONE,
    ),
  );
}

/** Our value in the form of gdb's; gdb's in a form without the names that it adds. */
function ours({ value }: Leaf, reader: ValueReader): string {
  const { type } = value;
  if (type.kind === "pointer") return `0x${reader.unsigned(value)!.toString(16)}`;
  if (type.kind !== "base") return valueText(value, reader);
  const result = reader.bytes(value);
  if (result.kind === "missing") return result.reason;
  const scalar = decodeScalar(type, result.bytes);
  switch (scalar.kind) {
    case "float":
      return floatForm(scalar.value);
    case "char":
      return String(scalar.value);
    default:
      return valueText(value, reader);
  }
}

function gdbs(text: string, { value: { type } }: Leaf): string {
  if (type.kind === "pointer") return /0x[0-9a-f]+/.exec(text)?.[0] ?? text;
  if (type.kind === "plain-enum") return text.slice(text.lastIndexOf(":") + 1);
  return type.kind === "base" ? gdbScalar(text, type) : text;
}

function gdbScalar(text: string, { encoding }: BaseType): string {
  // `97 'a'`
  if (encoding === "character") return text.replace(/ .*/, "");
  if (encoding !== "float") return text;
  return floatForm(Number(text.replace("inf", "Infinity").replace(/-?nan.*/, "NaN")));
}

/** gdb prints as many digits as a float can have, not as it needs. */
function floatForm(value: number): string {
  return Object.is(value, -0) ? "-0" : String(Math.fround(value));
}

describeWithTool("gdb-multiarch", "numbers in statics, as gdb prints them", (gdb) => {
  const compare = async (path: string, stopped: StoppedProgram, statics: readonly StaticVariable[]) => {
    const leaves = allLeaves(stopped, statics);
    const printed = await gdbPrints(
      gdb,
      { symbols: path, ranges: stopped.ranges },
      leaves.map((leaf) => leaf.expression),
    );
    const compared = leaves.flatMap((leaf, i) => {
      const text = printed[i];
      return text === undefined || GDB_IS_WRONG[leaf.expression] === text ? [] : [{ leaf, text }];
    });
    const written = compared.map(({ leaf }) => `${leaf.expression} = ${ours(leaf, stopped.reader)}`);
    expect(written).toEqual(compared.map(({ leaf, text }) => `${leaf.expression} = ${gdbs(text, leaf)}`));
    return compared.length;
  };

  it("in values of every kind of type", async () => {
    const path = "test/values/fixture/values.elf";
    const stopped = notStarted(path);
    const statics = stopped.program.statics.matching(
      ({ name }) => name.startsWith("values::") && !name.includes("DEEP"),
    );
    expect(await compare(path, stopped, statics)).toBeGreaterThan(120);
  });

  it.each(firmwareFiles())("in %s", async (path) => {
    const stopped = await stoppedAt(path, "1.2345s");
    // gdb's parser knows no `{impl#1}` in a path.
    const statics = stopped.program.statics.matching(
      ({ name, address }) => !name.includes("{") && !name.includes("<") && address >= 0x2000_0000,
    );
    expect(await compare(path, stopped, statics)).toBeGreaterThan(5);
  });
});
