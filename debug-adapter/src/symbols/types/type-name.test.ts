import { describe, expect, it } from "vitest";
import { genericsSuffix, pathComponents, withoutGenerics } from "./type-name";

describe("pathComponents", () => {
  it.each([
    ["u32", ["u32"]],
    ["a::b::C", ["a", "b", "C"]],
    ["a::Storage<b::F, c::G>::poll<b::F>", ["a", "Storage<b::F, c::G>", "poll<b::F>"]],
    ["a::Option<fn(b::X) -> c::Y>::Some", ["a", "Option<fn(b::X) -> c::Y>", "Some"]],
    ["<a::T as b::U>::{vtable}", ["<a::T as b::U>", "{vtable}"]],
    [
      "f::{async_fn#0}::{async_block_env#1}<[a::B; 3]>",
      ["f", "{async_fn#0}", "{async_block_env#1}<[a::B; 3]>"],
    ],
    ["(a::B, c::D)", ["(a::B, c::D)"]],
  ])("splits %s", (name, components) => expect(pathComponents(name)).toEqual(components));
});

describe("withoutGenerics", () => {
  it.each([
    ["a::b", "a::b"],
    ["a::Storage<b::F>::poll<b::F>", "a::Storage::poll"],
    ["a::Option<fn(b::X) -> c::Y<u8>>::Some", "a::Option::Some"],
    ["<a::T<u8> as b::U>::{vtable}", "<a::T as b::U>::{vtable}"],
    ["{impl#2}::next<{closure_env#0}>", "{impl#2}::next"],
  ])("of %s", (name, path) => expect(withoutGenerics(name)).toBe(path));
});

describe("genericsSuffix", () => {
  it.each([
    ["{async_fn_env#0}", ""],
    ["{async_fn_env#0}<u32>", "<u32>"],
    ["{async_fn_env#0}<Option<fn() -> u8>, [T; 3]>", "<Option<fn() -> u8>, [T; 3]>"],
    ["<T as U>", ""],
  ])("of %s", (name, suffix) => expect(genericsSuffix(name)).toBe(suffix));
});
