import { describe, expect, it } from "vitest";
import { parseFormat } from "./format-string";

/** The parts of a format string: literals in quotes, parameters as `index type hint`. */
function partsOf(format: string): string[] | undefined {
  return parseFormat(format)?.map((part) => {
    if (part.kind === "literal") return JSON.stringify(part.text);
    const { kind, ...type } = part.type;
    const details = Object.values(type).join(" ");
    const hint = part.hint === undefined ? "" : ` :${Object.values(part.hint).join(" ")}`;
    return `${part.index} ${kind}${details === "" ? "" : ` ${details}`}${hint}`;
  });
}

describe("parseFormat", () => {
  it.each([
    ["", []],
    ["plain", ['"plain"']],
    ["{}", ["0 format"]],
    ["a {=u8} b {=i128:#x}", ['"a "', "0 unsigned 1", '" b "', "1 signed 16 :number 16 false true 0"]],
    ["{1=u16}{0=bool}{=f32}", ["1 unsigned 2", "0 bool", "0 float 4"]],
    ["{{}} {{{=u8}}}", ['"{} {"', "0 unsigned 1", '"}"']],
    ["{=0..4}{0=12..16:b}", ["0 bits 0 4", "0 bits 12 16 :number 2 false false 0"]],
    ["{=[u8]:02X}", ["0 bytes :number 16 true false 2"]],
    ["{=[u8; 12]}{=[?;3]}{=[?]}", ["0 bytes 12", "1 format-array 3", "2 format-array"]],
    [
      "{=u64:us}{=u64:tms}{=u64:iso8601s}",
      ["0 unsigned 8 :seconds us", "1 unsigned 8 :time ms", "2 unsigned 8 :date s"],
    ],
    ["{=u8:__internal_bitflags_F@p@1@c}", ["0 unsigned 1 :flags F@p@1@c"]],
    ["{:?}{=istr}{=__internal_Debug}", ["0 format :debug", "1 interned", "2 preformatted"]],
    ["{:some_new_hint}", ["0 format :unknown"]],
  ])("reads %j", (format, parts) => {
    expect(partsOf(format)).toEqual(parts);
  });

  it.each(["{", "}", "{=u8", "{=u7}", "{=4..4}", "{=0..200}", "{x}", "{=[u8;]}", "a } b"])(
    "refuses %j",
    (format) => {
      expect(parseFormat(format)).toBeUndefined();
    },
  );
});
