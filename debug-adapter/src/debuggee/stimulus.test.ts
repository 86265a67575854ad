import { describe, expect, it } from "vitest";
import { parsePress, parseTyping } from "./stimulus";

describe("parsePress", () => {
  it("reads pin, time and length", () => {
    expect(parsePress("15@1.2s")).toEqual({ kind: "press", at: 1.2e9, pin: 15, length: 100e6 });
    expect(parsePress("GP3@250ms+5us")).toEqual({ kind: "press", at: 250e6, pin: 3, length: 5000 });
  });

  it.each(["15", "x@1s", "15@soon", "15@1s+long"])("refuses %j", (text) =>
    expect(() => parsePress(text)).toThrow(
      `${JSON.stringify(text)} is no button press; write PIN@TIME, for example 15@1.2s`,
    ),
  );
});

describe("parseTyping", () => {
  it("reads UART, text with escapes, and time", () => {
    expect(parseTyping("hi\\r\\n@1s")).toMatchObject({
      uart: 0,
      at: 1e9,
      bytes: Uint8Array.of(104, 105, 13, 10),
    });
    expect(parseTyping("1:a@b@2ms")).toMatchObject({ uart: 1, at: 2e6, bytes: Uint8Array.of(97, 64, 98) });
  });

  it.each(["hi", "@1s", "hi@never"])("refuses %j", (text) =>
    expect(() => parseTyping(text)).toThrow("is no text to send"),
  );
});
