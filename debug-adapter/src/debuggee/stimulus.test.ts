import { describe, expect, it } from "vitest";
import { parsePress, parseStimulus, parseTyping } from "./stimulus";

describe("parsePress", () => {
  it("reads pin, time and length", () => {
    expect(parsePress("15@1.2s")).toEqual({ at: 1.2e9, input: { kind: "press", pin: 15, holdFor: 100e6 } });
    expect(parsePress("GP3@250ms+5us")).toEqual({
      at: 250e6,
      input: { kind: "press", pin: 3, holdFor: 5000 },
    });
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
      at: 1e9,
      input: { kind: "type", uart: 0, text: "hi\r\n" },
    });
    expect(parseTyping("1:a@b@2ms")).toMatchObject({
      at: 2e6,
      input: { kind: "type", uart: 1, text: "a@b" },
    });
  });

  it("sends text beyond ASCII as its UTF-8 bytes", () => {
    expect(parseTyping("é@1s").input).toMatchObject({ text: "\u00c3\u00a9" });
  });

  it.each(["hi", "@1s", "hi@never"])("refuses %j", (text) =>
    expect(() => parseTyping(text)).toThrow("is no text to send"),
  );
});

describe("parseStimulus", () => {
  it("reads presses and typing by the word before the colon", () => {
    expect(parseStimulus("press:15@1.2s")).toEqual(parsePress("15@1.2s"));
    expect(parseStimulus("type:1:hello\\n@1s")).toEqual(parseTyping("1:hello\\n@1s"));
  });

  it.each(["15@1.2s", "shake:1@1s"])("refuses %j", (text) =>
    expect(() => parseStimulus(text)).toThrow("is no stimulus; write press:PIN@TIME or type:TEXT@TIME"),
  );
});
