import { describe, expect, it } from "vitest";
import { parseExpression, typeText } from "./parser";
import type { Expression } from "./syntax";

/** With a pair of parentheses around every operator. */
function written(expression: Expression): string {
  switch (expression.kind) {
    case "integer":
    case "float":
      return `${expression.value}${expression.suffix}`;
    case "bool":
      return String(expression.value);
    case "char":
      return `${expression.isByte ? "b" : ""}'${expression.value}'`;
    case "string":
      return JSON.stringify(expression.value);
    case "path":
      return expression.name;
    case "field":
      return `${written(expression.of)}.${expression.name}`;
    case "index":
      return `${written(expression.of)}[${written(expression.index)}]`;
    case "slice": {
      const { start, end, isInclusive } = expression;
      const ends = [start, end].map((each) => (each === undefined ? "" : written(each)));
      return `${written(expression.of)}[${ends.join(isInclusive ? "..=" : "..")}]`;
    }
    case "unary":
      return `(${expression.operator}${written(expression.operand)})`;
    case "binary":
      return `(${written(expression.left)} ${expression.operator} ${written(expression.right)})`;
    case "cast":
      return `(${written(expression.operand)} as ${typeText(expression.type)})`;
  }
}

describe("parseExpression", () => {
  it.each([
    ["1 + 2 * 3", "(1 + (2 * 3))"],
    ["1 - 2 - 3", "((1 - 2) - 3)"],
    ["a | b ^ c & d << 1", "(a | (b ^ (c & (d << 1))))"],
    ["a & 1 == 0", "((a & 1) == 0)"],
    ["a == 1 && b < 2 || !c", "(((a == 1) && (b < 2)) || (!c))"],
    ["-x as u8 + 1", "(((-x) as u8) + 1)"],
    ["*p.next", "(*p.next)"],
    ["(*p).next", "(*p).next"],
    ["&&x", "(&(&x))"],
    ["&mut x", "(&x)"],
    ["pair.0.1", "pair.0.1"],
    ["all[1..3][0]", "all[1..3][0]"],
    ["all[..]", "all[..]"],
    ["all[..=2]", "all[..=2]"],
    ["all[i + 1]", "all[(i + 1)]"],
    ["0xFF_u8", "255u8"],
    ["0b1010", "10"],
    ["0o17", "15"],
    ["1_000u32", "1000u32"],
    ["1.5e3", "1500"],
    ["2f32", "2f32"],
    ["'a'", "'97'"],
    ["b'a'", "b'97'"],
    ["'\\u{e9}'", "'233'"],
    ['"a\\"b\\n"', '"a\\"b\\n"'],
    ["x as *const [u8; 4]", "(x as *const [u8; 4])"],
    ["x as &mut core::cell::Cell<Option<u8>>", "(x as &mut core::cell::Cell<Option<u8>>)"],
    ["embassy_rp::{impl#1}::STATE", "embassy_rp::{impl#1}::STATE"],
  ])("%s", (text, expected) => expect(written(parseExpression(text))).toBe(expected));

  it.each([
    ["", "a value is missing (character 1)"],
    ["1 +", "a value is missing (character 4)"],
    ["a b", "`b` does not fit here (character 3)"],
    ["a.", "a field name must follow the point (character 3)"],
    ["a[1", "`]` must stand here (character 4)"],
    ["(a", "`)` must stand here (character 3)"],
    ["a.len()", "functions and methods cannot be called (character 6)"],
    ["a < b < c", "comparisons cannot be chained, use parentheses (character 7)"],
    ["a $ b", '"$" has no meaning in an expression (character 3)'],
    ["'ab", "the character literal does not end (character 1)"],
    ['"ab', "the string does not end (character 1)"],
    ["12abc", '"12abc" is no number (character 1)'],
    ["0x", '"0x" is no number (character 1)'],
    ["1.5u8", "a number with a fraction is no u8 (character 1)"],
    ["x as *u8", "`const` or `mut` must follow the `*` of a type (character 7)"],
    ["'\\u{d800}'", "U+D800 is no character (character 1)"],
    ["a[..=]", "`..=` needs an end (character 6)"],
    ["(".repeat(300), "it is nested too deeply (character 201)"],
    [`1${"+1".repeat(3000)}`, "it is too long (character 4097)"],
  ])("refuses %s", (text, message) => expect(() => parseExpression(text)).toThrow(message));
});
