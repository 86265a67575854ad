import { describe, expect, it } from "vitest";
import { bytesInUse, readCoroutine, stateOf } from "./coroutine";
import type { BaseType, EnumType, Member, StructType, Type, Variant } from "./type";

function base(name: string, encoding: BaseType["encoding"], byteSize: number): BaseType {
  return { kind: "base", offset: 0, name, encoding, byteSize, alignment: byteSize };
}

const u8 = base("u8", "unsigned", 1);
const u32 = base("u32", "unsigned", 4);
const bool = base("bool", "boolean", 1);

function member(name: string, offset: number, type: Type): Member {
  return { name, offset, type, isArtificial: false, declaration: undefined };
}

function variant(value: number, name: string, members: readonly Member[] = []): Variant {
  const type: StructType = {
    kind: "struct",
    offset: 0,
    name: `f::{async_fn_env#0}::${name}`,
    byteSize: 16,
    alignment: 4,
    members,
    typeArguments: [],
    isTuple: false,
  };
  const discriminants = [{ low: BigInt(value), high: BigInt(value) }];
  return { name, discriminants, payload: member(String(value), 0, type) };
}

function coroutine(
  variants: readonly Variant[],
  discriminant: Member | undefined = member("__state", 14, u8),
): EnumType {
  return {
    kind: "enum",
    offset: 0,
    name: "f::{async_fn_env#0}",
    byteSize: 16,
    alignment: 4,
    discriminant,
    variants,
    members: [],
    typeArguments: [],
    variantFor: () => undefined,
  };
}

function read(type: EnumType): { problems: string[]; result: ReturnType<typeof readCoroutine> } {
  const problems: string[] = [];
  return { problems, result: readCoroutine(type, (what) => problems.push(what)) };
}

describe("readCoroutine", () => {
  it("tells the kinds of states apart and puts them in order", () => {
    const variants = [
      variant(4, "Suspend1"),
      variant(0, "Unresumed"),
      variant(1, "Returned"),
      variant(2, "Panicked"),
    ];
    const { result, problems } = read(coroutine(variants));
    expect(result).toMatchObject({ byteSize: 16, alignment: 4, discriminant: { offset: 14, byteSize: 1 } });
    expect(result?.states.map(({ kind, suspendPoint }) => [kind, suspendPoint])).toEqual([
      ["unresumed", undefined],
      ["returned", undefined],
      ["panicked", undefined],
      ["suspended", 1],
    ]);
    expect(stateOf(result!, 4)?.name).toBe("Suspend1");
    expect(stateOf(result!, 3)).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it("says what each saved value is for", () => {
    const members = [
      member("led", 5, u8),
      member("__awaitee", 8, u32),
      member("led", 5, u8),
      member("led", 6, u8),
      member("_ref__name", 0, u32),
      member("__3", 13, bool),
      member("__4", 4, u8),
      member("__custom", 7, u8),
    ];
    const state = read(coroutine([variant(3, "Suspend0", members)])).result!.states[0]!;
    expect(state.locals.map(({ name, offset, role }) => `${name}@${offset} ${role}`)).toEqual([
      "led@5 variable",
      "led@6 variable",
      "name@0 reference",
      "__3@13 drop-flag",
      "__4@4 temporary",
      "__custom@7 variable",
    ]);
    expect(state.awaitee).toMatchObject({ name: "__awaitee", offset: 8, byteSize: 4, type: u32 });
  });

  it("reports what it does not know and reads the rest", () => {
    const unknown: Variant = { ...variant(9, "Suspend7"), discriminants: undefined };
    const { result, problems } = read(coroutine([variant(5, "Paused"), unknown, variant(0, "Unresumed")]));
    expect(result?.states.map(({ name }) => name)).toEqual(["Unresumed"]);
    expect(problems).toEqual(["state Paused is of no known kind", "state Suspend7 has no discriminant"]);
  });

  it("needs a discriminant", () => {
    const type = { ...coroutine([variant(0, "Unresumed")]), discriminant: undefined };
    expect(read(type)).toEqual({ result: undefined, problems: ["the coroutine has no discriminant"] });
  });
});

it("counts bytes once where a value is a part of another", () => {
  const value = (offset: number, byteSize: number) => ({ offset, byteSize });
  expect(bytesInUse([])).toBe(0);
  expect(bytesInUse([value(8, 4), value(0, 4)])).toBe(8);
  expect(bytesInUse([value(0, 16), value(4, 4), value(12, 8), value(32, 0)])).toBe(20);
});
