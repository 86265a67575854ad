import { describe, expect, it } from "vitest";
import { BASE, MadeMemory, names, program, timer, treeOf } from "#test/futures/made-futures";
import { array, pointer, struct, u32 } from "#test/futures/made-types";
import type { Type } from "../symbols/types/type";
import { ValueReader } from "../values/reader";
import { symbolsOf } from "../values/symbol-lookup";
import { withoutAwaited } from "./awaited-locals";
import { type Liveness, SavedDraft } from "./saved-values";

/** What is listed of variables beside the timer at `BASE` that is awaited. */
function listed(...variables: readonly (readonly [string, number, Type, Liveness?])[]): string[] {
  const memory = new MadeMemory()
    .putTimer(BASE, 5000)
    .put(BASE + 0x40, BASE)
    .put(BASE + 0x44, BASE + 0x80);
  const reader = new ValueReader(memory.view, symbolsOf(program));
  const locals = variables.map(([name, offset, type, liveness = "live"]) => {
    const local = { name, role: "variable", offset, byteSize: type.byteSize, type } as const;
    return new SavedDraft(local, reader.at(type, BASE + offset), BASE + offset, reader, liveness);
  });
  const shown = withoutAwaited(locals, [treeOf(timer, memory)], { names, reader });
  return shown.map(({ name, text }) => `${name} = ${text?.replace(/^Timer \{.*/, "its value")}`);
}

const reference = pointer("&mut Timer", timer);

describe("withoutAwaited", () => {
  it("says of what is awaited below, or refers to it, only that it is", () => {
    expect(listed(["nap", 0, timer])).toEqual(["nap = Timer, awaited below"]);
    expect(listed(["nap", 0x40, reference])).toEqual(["nap = Timer, awaited below"]);
    expect(listed(["naps", 0, array(timer, 2)])[0]).toMatch(/, awaited below$/);
  });

  it("leaves other values: of another type at the place, elsewhere, and dropped ones", () => {
    expect(listed(["count", 0, u32])).toEqual(["count = 5000"]);
    expect(listed(["first", 0, struct("app::Due", { low: u32 })])).toEqual(["first = Due { low: 5000 }"]);
    expect(listed(["other", 0x80, timer])).toEqual(["other = its value"]);
    expect(listed(["gone", 0, timer, "dropped"])).toEqual(["gone = undefined"]);
  });

  it("lists what pin! has pinned once, under the name of the user's", () => {
    expect(listed(["pinned", 0, timer], ["nap", 0x40, reference])).toEqual(["nap = Timer, awaited below"]);
    // Its variable refers to something else: then both are listed.
    const both = listed(["pinned", 0, timer], ["nap", 0x44, reference]);
    expect(both.map((line) => line.split(" ")[0])).toEqual(["pinned", "nap"]);
  });
});
