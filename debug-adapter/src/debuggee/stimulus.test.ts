import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "../base/brand";
import type { BoardInput } from "../chip/parts/board-input";
import { parsePartSpec } from "../chip/parts/part-spec";
import { formatStimuli, parsePress, parseStimulus, parseTyping } from "./stimulus";

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

  it("takes any byte as an escape", () => {
    expect(parseTyping("a\\x00\\xFF\\x5cn@1s").input).toMatchObject({ text: "a\0\u00ff\\n" });
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

  it.each(["15@1.2s", "shake:1@1s", "hold:30@1s", "temperature:oven@1s", "probe:3=up@1s", "unwire:led2"])(
    "refuses %j",
    (text) =>
      expect(() => parseStimulus(text)).toThrow("is no stimulus; write press:PIN@TIME, type:TEXT@TIME, "),
  );
});

describe("parseStimulus", () => {
  it.each<readonly [string, BoardInput]>([
    ["hold:15@1s", { kind: "press", pin: 15 }],
    ["release:GP15@1s", { kind: "release", pin: 15 }],
    ["temperature:tmp102@0x48=-12.5@1s", { kind: "temperature", part: "tmp102@0x48", celsius: -12.5 }],
    ["probe:3=floating@1s", { kind: "probe", pin: 3, level: "floating" }],
    ["wire:led:pin=2,name=a@b@1s", { kind: "wire", part: parsePartSpec("led:pin=2,name=a@b") }],
    ["unwire:tmp102@0x48@1s", { kind: "unwire", part: "tmp102@0x48" }],
  ])("reads %j", (text, input) => expect(parseStimulus(text)).toEqual({ at: 1e9, input }));

  it("says what is wrong with a part to be wired", () => {
    expect(() => parseStimulus("wire:led@1s")).toThrow(
      'Part "led": pin is missing; write it like led:pin=25',
    );
  });
});

describe("formatStimuli", () => {
  const at = (time: number, input: BoardInput) => ({ at: nanoseconds(time), input });

  it("joins a press and its release, in the order in which things begin", () => {
    const texts = formatStimuli([
      at(1_000_000_001, { kind: "press", pin: 15 }),
      at(1_000_000_002, { kind: "press", pin: 3 }),
      at(1_200_000_001, { kind: "release", pin: 15 }),
      at(2e9, { kind: "type", uart: 1, text: "1:a@b\\\n\u00c3\u00a9" }),
      at(10e9, { kind: "press", pin: 15, holdFor: 5e6 }),
    ]);
    expect(texts).toEqual([
      "press:15@1.000000001s+0.2s",
      "hold:3@1.000000002s",
      "type:1:1:a@b\\\\\\n\\xc3\\xa9@2s",
      "press:15@10s+0.005s",
    ]);
  });

  it("writes what parseStimulus reads, to the nanosecond and the byte", () => {
    const time = fc.integer({ min: 0, max: 100_000 * 1e9 });
    const pin = fc.integer({ min: 0, max: 29 });
    const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1 });
    const parts = [
      "led:pin=2,to=3v3",
      "button:pin=7,name=go",
      "tmp102:sda=4,scl=5,address=0x4a",
      "uart:tx=0,rx=1",
    ];
    const input = fc.oneof(
      fc.record({ kind: fc.constant("press"), pin, holdFor: fc.integer({ min: 0, max: 1e10 }) }),
      fc.record({ kind: fc.constant("press"), pin }),
      bytes.map((codes): BoardInput => ({ kind: "type", uart: 0, text: String.fromCharCode(...codes) })),
      fc.integer({ min: -880, max: 2400 }).map((sixteenths): BoardInput => {
        return { kind: "temperature", part: "tmp102@0x48", celsius: sixteenths / 16 };
      }),
      fc.record({ kind: fc.constant("probe"), pin, level: fc.constantFrom("low", "high", "floating") }),
      fc.constantFrom(...parts).map((text): BoardInput => ({ kind: "wire", part: parsePartSpec(text) })),
      fc.constant<BoardInput>({ kind: "unwire", part: "tmp102@0x48" }),
    ) as fc.Arbitrary<BoardInput>;
    fc.assert(
      fc.property(time, input, (when, what) => {
        const [text, ...more] = formatStimuli([at(when, what)]);
        expect(more).toEqual([]);
        expect(parseStimulus(text!)).toEqual(at(when, what));
      }),
    );
  });
});
