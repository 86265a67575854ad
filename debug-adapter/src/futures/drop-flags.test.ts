import { describe, expect, it } from "vitest";
import { bool, struct, u32 } from "#test/futures/made-types";
import type { Coroutine, CoroutineState, LocalRole, SavedLocal } from "../symbols/types/coroutine";
import type { Type } from "../symbols/types/type";
import { dropFlagOf } from "./drop-flags";

const guard = struct("core::cell::RefMut<u32>", { value: u32 });

function local(name: string, offset: number, type: Type, role: LocalRole = "variable"): SavedLocal {
  return { name, role, offset, byteSize: type.byteSize, type };
}

const flag = (number: number) => local(`__${number}`, 60 + number, bool, "drop-flag");

/** A coroutine with a suspend point for each list of what is saved there. */
function coroutineOf(...saved: SavedLocal[][]): Coroutine {
  const states = saved.map((locals, i): CoroutineState => {
    const parts = { suspendPoint: i, discriminant: i + 3, place: undefined, awaitee: undefined };
    return { kind: "suspended", name: `Suspend${i}`, locals, ...parts };
  });
  const type = { ...struct("f::{async_fn_env#0}", {}), kind: "enum", variants: [] } as const;
  const whole = { ...type, discriminant: undefined, variantFor: () => undefined };
  return { type: whole, byteSize: 64, alignment: 4, discriminant: { offset: 63, byteSize: 1 }, states };
}

function flagAt(coroutine: Coroutine, state: number, name: string) {
  const at = coroutine.states[state]!;
  return dropFlagOf(
    coroutine,
    at,
    at.locals.find((each) => each.name === name)!,
  );
}

describe("dropFlagOf", () => {
  it("matches the only flag with the only value that needs one", () => {
    const coroutine = coroutineOf([local("count", 0, u32), local("guard", 4, guard), flag(3)]);
    expect(flagAt(coroutine, 0, "guard")).toEqual({ kind: "flag", offset: 63, mayBeOfAnother: false });
    expect(flagAt(coroutine, 0, "count")).toEqual({ kind: "none" });
  });

  it("matches flags by the state in which they first appear", () => {
    const [first, second] = [local("first", 0, guard), local("second", 4, guard)];
    const coroutine = coroutineOf([first, flag(1)], [first, second, flag(1), flag(2)]);
    expect(flagAt(coroutine, 1, "second")).toEqual({ kind: "flag", offset: 62, mayBeOfAnother: false });
    expect(flagAt(coroutine, 1, "first")).toEqual({ kind: "flag", offset: 61, mayBeOfAnother: false });
  });

  it("knows a flag by its place, since its number differs from state to state", () => {
    const [first, second] = [local("first", 0, guard), local("second", 4, guard)];
    const renumbered = { ...flag(1), name: "__7" };
    const coroutine = coroutineOf([first, flag(1)], [first, second, renumbered, flag(2)]);
    expect(flagAt(coroutine, 1, "first")).toEqual({ kind: "flag", offset: 61, mayBeOfAnother: false });
    expect(flagAt(coroutine, 1, "second")).toEqual({ kind: "flag", offset: 62, mayBeOfAnother: false });
  });

  it("knows that a flag may be of what was moved away for good", () => {
    const [kept, moved] = [local("kept", 0, guard), local("moved", 4, guard)];
    const coroutine = coroutineOf([kept, moved, flag(1)], [kept, flag(1)]);
    expect(flagAt(coroutine, 1, "kept")).toEqual({ kind: "flag", offset: 61, mayBeOfAnother: true });
  });

  it("claims nothing where flags of different values share a place", () => {
    const [first, second] = [local("first", 0, guard), local("second", 4, guard)];
    const coroutine = coroutineOf([first, flag(1)], [second, local("third", 8, guard), flag(1)]);
    expect(flagAt(coroutine, 1, "second")).toEqual({ kind: "undecided", offsets: [61], isOneEach: false });
  });

  it("claims nothing where two values could own two flags", () => {
    const coroutine = coroutineOf([local("a", 0, guard), local("b", 4, guard), flag(1), flag(2)]);
    expect(flagAt(coroutine, 0, "a")).toEqual({ kind: "undecided", offsets: [61, 62], isOneEach: true });
    const one = coroutineOf([local("a", 0, guard), local("b", 4, guard), flag(1)]);
    expect(flagAt(one, 0, "a")).toEqual({ kind: "undecided", offsets: [61], isOneEach: false });
  });

  it("knows no flag where there is none", () => {
    expect(flagAt(coroutineOf([local("a", 0, guard)]), 0, "a")).toEqual({ kind: "none" });
  });
});
