import { describe, expect, it } from "vitest";
import { savedNote, type SavedValue } from "../../futures/saved-values";
import { nowhere } from "../../values/location";
import { SavedScope } from "./await-scopes";

function saved(name: string, namesakes?: number): SavedValue {
  const type = { kind: "unknown", name: "u32", byteSize: 4, offset: 0, reason: "made up" } as never;
  const value = { type, location: nowhere("made up") };
  return { name, type: "u32", address: 0, byteSize: 4, value, text: "1", liveness: "live", namesakes };
}

const NOTE = "one of 2 variables named x: the debug info gives both the same place";

describe("what a suspended function keeps", () => {
  it("says of a value that it may be another variable's of the same name", () => {
    expect(savedNote(saved("x", 2))).toBe(NOTE);
    expect(savedNote({ ...saved("x", 3), liveness: "maybe-dropped" })).toBe(
      "may be dropped; one of 3 variables named x: the debug info gives all the same place",
    );
    expect(savedNote(saved("x"))).toBeNull();
  });

  it("says so where an expression names it", () => {
    const scope = new SavedScope([saved("x", 2), saved("y")]);
    expect(scope.remarkOn("x")).toBe(NOTE);
    expect(scope.remarkOn("y")).toBeUndefined();
    expect(scope.remarkOn("z")).toBeUndefined();
  });
});
