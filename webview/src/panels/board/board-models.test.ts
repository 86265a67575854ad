import { describe, expect, it } from "vitest";
import { parsePartSpecs } from "#adapter/chip/parts/part-spec";
import type { BoardBody, BoardPart, BoardPin } from "#adapter/protocol/board";
import { pinPlace } from "./board-drawing";
import { BoardLook } from "./board-look";
import { firstChoice, launchLines, PART_KINDS, partText } from "./part-choices";
import { BOARD_PINS, HEADER_PINS, headerPinOf } from "./pico-pinout";
import { pinFacts, pinFunction } from "./pin-words";
import { TerminalText } from "./terminal-text";

const PIN: BoardPin = {
  isHigh: false,
  isContended: false,
  changes: 0,
  highFor: 0,
  signal: "none",
  isDriven: false,
  isInput: true,
  pull: "down",
  probe: "none",
};

function body(time: number, pins: Readonly<Record<number, Partial<BoardPin>>> = {}): BoardBody {
  const all = Array.from({ length: 30 }, (_, gpio) => ({ ...PIN, ...pins[gpio] }));
  return { time, pins: all, parts: [], inputs: 0, launch: null };
}

function partOn(...pins: readonly number[]): BoardPart {
  return {
    name: "part",
    text: "",
    pins: pins.map((pin) => ({ role: "pin", pin })),
    display: { kind: "button", isPressed: false },
  };
}

describe("the pinout", () => {
  it("has every pin of the chip once, on the header or on the board", () => {
    expect(HEADER_PINS).toHaveLength(40);
    const outside = HEADER_PINS.flatMap(({ gpio }) => gpio ?? []);
    const inside = Object.keys(BOARD_PINS).map(Number);
    expect([...outside, ...inside].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 30 }, (_, pin) => pin),
    );
  });

  it("is that of the Pico datasheet: corners, ground at every fifth, supply at the top right", () => {
    const corners = [0, 15, 16, 22, 26, 28].map((gpio) => headerPinOf(gpio)?.number);
    expect(corners).toEqual([1, 20, 21, 29, 31, 34]);
    const grounds = HEADER_PINS.filter(({ name }) => name.endsWith("GND")).map(({ number }) => number);
    expect(grounds).toEqual([3, 8, 13, 18, 23, 28, 33, 38]);
    expect(HEADER_PINS.slice(34).map(({ name }) => name)).toEqual([
      "ADC_VREF",
      "3V3",
      "3V3_EN",
      "GND",
      "VSYS",
      "VBUS",
    ]);
    expect(HEADER_PINS[29]?.name).toBe("RUN");
  });

  it("stands 1 opposite 40 and 20 opposite 21, 2.54 mm apart", () => {
    expect(pinPlace(1).y).toBe(pinPlace(40).y);
    expect(pinPlace(20).y).toBe(pinPlace(21).y);
    expect(pinPlace(1).x).toBeLessThan(pinPlace(40).x);
    expect((pinPlace(20).y - pinPlace(1).y) / 19).toBeCloseTo(6 * 2.54);
  });
});

describe("words of a pin", () => {
  it("says what it is used for, and nothing where it is not", () => {
    expect(pinFunction(PIN)).toBe("");
    expect(pinFunction({ ...PIN, signal: "SIO", isDriven: true })).toBe("out");
    expect(pinFunction({ ...PIN, signal: "SIO", pull: "up" })).toBe("in ↑");
    expect(pinFunction({ ...PIN, signal: "I2C0 SDA", isDriven: true })).toBe("I2C0 SDA");
  });

  it("says all that is known", () => {
    expect(pinFacts(PIN, 0)).toBe("low, no function, input, pull-down, 0 changes");
    const busy: BoardPin = {
      ...PIN,
      ...{ isHigh: true, signal: "PWM4 A", isDriven: true, pull: "none", changes: 1 },
      ...{ probe: "low", isContended: true },
    };
    expect(pinFacts(busy, 0.25)).toBe(
      "high, PWM4 A, driven by the chip, no pull, 1 change, high 25 % of the time just now, " +
        "held low from outside, two outputs drive against each other",
    );
  });
});

describe("BoardLook", () => {
  it("tells how long a pin was high between two looks", () => {
    const look = new BoardLook();
    look.see(body(1000, { 25: { isHigh: true, highFor: 100, changes: 1 } }));
    expect([look.highShare(25), look.highShare(2), look.hasMoved(25)]).toEqual([1, 0, false]);
    look.see(body(2000, { 25: { highFor: 350, changes: 2 } }));
    expect([look.highShare(25), look.hasMoved(25), look.hasMoved(2)]).toEqual([0.25, true, false]);
  });

  it("tells the level where no time has passed, and begins anew with another run", () => {
    const look = new BoardLook();
    look.see(body(2000, { 25: { isHigh: true, highFor: 500, changes: 7 } }));
    look.see(body(2000, { 25: { isHigh: true, highFor: 500, changes: 7 } }));
    expect(look.highShare(25)).toBe(1);
    look.see(body(10, { 25: { changes: 0 } }));
    expect([look.highShare(25), look.hasMoved(25)]).toEqual([0, false]);
  });
});

describe("TerminalText", () => {
  it("joins pieces, and characters whose bytes come in two", () => {
    const terminal = new TerminalText();
    terminal.add({ from: 0, text: "Ready\r\n\u00c3" });
    terminal.add({ from: 8, text: "\u00bc\rnext\u0007" });
    expect(terminal.text).toBe("Ready\nü\nnext␇");
    expect(terminal.known).toBe(8 + 7);
  });

  it("takes nothing twice, and goes on behind what is lost", () => {
    const terminal = new TerminalText();
    terminal.add({ from: 0, text: "abc" });
    terminal.add({ from: 1, text: "bcd" });
    expect(terminal.text).toBe("abcd");
    terminal.add({ from: 100, text: "xyz" });
    expect([terminal.text, terminal.known]).toEqual(["xyz", 103]);
  });

  it("asks for all where another run has sent less", () => {
    const terminal = new TerminalText();
    terminal.add({ from: 0, text: "abcdef" });
    terminal.add({ from: 2, text: "" });
    expect([terminal.text, terminal.known]).toEqual(["", 0]);
  });
});

describe("parts to be wired", () => {
  it("are written as the adapter reads them, with every choice that the form offers", () => {
    for (const kind of PART_KINDS) {
      const chosen = firstChoice(kind, []);
      expect(parsePartSpecs([partText(kind, chosen)])).toMatchObject([{ kind: kind.kind }]);
      for (const { name, choices } of kind.fields) {
        // Two pins of a UART have to be of the same one, and SDA is no SCL: the adapter says so.
        if (kind.kind === "uart" || name === "sda" || name === "scl") continue;
        for (const { value } of choices) {
          const text = partText(kind, { ...firstChoice(kind, [partOn(Number(value))]), [name]: value });
          expect(parsePartSpecs([text]), text).toHaveLength(1);
        }
      }
    }
  });

  it("are offered on pins that are free; sensors share a bus", () => {
    const [led, button, , sensor] = PART_KINDS as [never, never, never, never];
    expect(firstChoice(button, [])).toEqual({ pin: "15", to: "gnd" });
    expect(firstChoice(button, [partOn(15), partOn(0)])).toEqual({ pin: "1", to: "gnd" });
    expect(firstChoice(led, [partOn(16)])).toMatchObject({ pin: "0" });
    expect(firstChoice(sensor, [partOn(4, 5)])).toMatchObject({ sda: "4", scl: "5" });
  });

  it("are copied as members of a launch configuration", () => {
    const launch = { parts: ["led:pin=2"], stimuli: ["type:0:a\\n@1s", "press:15@2s+0.1s"] };
    expect(JSON.parse(`{${launchLines(launch)}}`)).toEqual(launch);
  });
});
