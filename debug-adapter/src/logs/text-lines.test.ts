import { expect, it } from "vitest";
import { encodeUtf8 } from "../base/utf8";
import { TextLines } from "./text-lines";

it("cuts text into lines, however its bytes are cut", () => {
  const lines = new TextLines();
  const bytes = encodeUtf8("one\r\ntwo ü\n\nrest");
  const told = Array.from(bytes, (byte) => lines.push(Uint8Array.of(byte))).flat();
  expect(told).toEqual(["one", "two ü", ""]);
  expect(lines.push(encodeUtf8("!\n"))).toEqual(["rest!"]);
});

it("does not wait for ever for the end of a line", () => {
  const told = new TextLines().push(new Uint8Array(5000).fill(0x61));
  expect(told.map(({ length }) => length)).toEqual([4096]);
});
