import { describe, expect, it } from "vitest";
import { BASE, MadeMemory, program } from "#test/futures/made-futures";
import { bool, pointer, struct, u32 } from "#test/futures/made-types";
import type { Coroutine, CoroutineState, LocalRole, SavedLocal } from "../symbols/types/coroutine";
import type { Type } from "../symbols/types/type";
import { ValueReader } from "../values/reader";
import { symbolsOf } from "../values/symbol-lookup";
import { savedValues } from "./saved-values";

const cell = struct("core::cell::Cell<i32>", { value: { ...u32, name: "i32", encoding: "signed" } });
const borrow = struct("core::cell::BorrowRefMut", { borrow: pointer("&Cell", cell) });
const refMut = struct("core::cell::RefMut<u32>", { value: u32, borrow });
const station = struct("app::Station", { count: u32 });

/** Where a lock lies. */
const LOCK = BASE + 0x200;

function local(name: string, offset: number, type: Type, role: LocalRole = "variable"): SavedLocal {
  return { name, role, offset, byteSize: type.byteSize, type };
}

/** What is saved at `BASE`, as `name = text (liveness)`, and the locks that are held. */
function read(
  locals: SavedLocal[],
  memory: MadeMemory,
  parameters: SavedLocal[] = [],
): { lines: string[]; locks: number[] } {
  const parts = { suspendPoint: 0, discriminant: 3, place: undefined, awaitee: undefined };
  const first: CoroutineState = { kind: "unresumed", name: "Unresumed", locals: parameters, ...parts };
  const state: CoroutineState = { kind: "suspended", name: "Suspend0", locals, ...parts };
  const type = { ...struct("f::{async_fn_env#0}", {}), kind: "enum", variants: [] } as const;
  const coroutine: Coroutine = {
    type: { ...type, discriminant: undefined, variantFor: () => undefined },
    byteSize: 64,
    alignment: 4,
    discriminant: { offset: 63, byteSize: 1 },
    states: [first, state],
  };
  const reader = new ValueReader(memory.view, symbolsOf(program));
  const { values, locks } = savedValues(coroutine, state, BASE, reader);
  return {
    lines: values.map(({ name, text, liveness }) => `${name ?? "-"} = ${text ?? "-"} (${liveness})`),
    locks: locks.map(({ address }) => address),
  };
}

describe("savedValues", () => {
  it("takes the word of the drop flag", () => {
    const locals = [local("station", 0, station), local("__3", 8, bool, "drop-flag")];
    const at = (flag: number) => read(locals, new MadeMemory().put(BASE, 5).put(BASE + 8, flag, 1)).lines;
    expect(at(1)).toEqual(["station = Station { count: 5 } (live)"]);
    expect(at(0)).toEqual(["station = - (dropped)"]);
    // A flag that is neither is no flag.
    expect(at(7)).toEqual(["station = Station { count: 5 } (maybe-dropped)"]);
  });

  it("says that a value may be dropped where a flag cannot be told to be its own", () => {
    const flags = [local("__3", 8, bool, "drop-flag"), local("__4", 9, bool, "drop-flag")];
    const locals = [local("a", 0, station), local("b", 4, station), ...flags];
    const at = (first: number, second: number) =>
      read(locals, new MadeMemory().put(BASE + 8, first, 1).put(BASE + 9, second, 1)).lines.map((line) =>
        line.replace(/^.*\(/, "("),
      );
    expect(at(1, 0)).toEqual(["(maybe-dropped)", "(maybe-dropped)"]);
    // Where all of them say the same, it does not matter.
    expect(at(1, 1)).toEqual(["(live)", "(live)"]);
    expect(at(0, 0)).toEqual(["(dropped)", "(dropped)"]);
  });

  it("judges a guard without a flag by its lock, and counts only one that is not dropped", () => {
    const guard = [local("guard", 0, refMut)];
    const at = (borrowed: number) => read(guard, new MadeMemory().put(BASE + 4, LOCK).put(LOCK, borrowed));
    expect(at(-1).lines[0]).toMatch(/\(live\)$/);
    expect(at(-1).locks).toEqual([LOCK]);
    expect(at(0)).toEqual({ lines: ["guard = - (dropped)"], locks: [] });
    // Others read it: then this guard, which would write, cannot be alive.
    expect(at(2).lines).toEqual(["guard = - (dropped)"]);
  });

  it("takes a guard that was a parameter, and is needed no more, for no guard that is held", () => {
    const guard = local("guard", 0, refMut);
    const memory = new MadeMemory().put(BASE + 4, LOCK).put(LOCK, -1);
    const { lines, locks } = read([guard], memory, [guard]);
    expect(lines[0]).toMatch(/\(as-passed\)$/);
    expect(locks).toEqual([]);
  });

  it("finds guards inside other values", () => {
    const pair = struct("(u32, core::cell::RefMut<u32>)", { __0: u32, __1: refMut });
    const memory = new MadeMemory().put(BASE + 8, LOCK).put(LOCK, -1);
    expect(read([local("both", 0, pair)], memory).locks).toEqual([LOCK]);
  });

  it("leaves out repeats and what is the compiler's", () => {
    const repeated = [local("count", 0, u32), local("count", 0, u32), local("__awaitee", 8, u32, "awaitee")];
    const other = local("__5", 4, u32, "temporary");
    expect(read([...repeated, other], new MadeMemory().put(BASE, 3)).lines).toEqual([
      "count = 3 (live)",
      "- = 0 (live)",
    ]);
  });
});
