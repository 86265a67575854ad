import type { BoardPart } from "#adapter/protocol/board";

/** What one has to choose to wire a part: a pin, or one of some words. */
export interface PartField {
  readonly name: string;
  readonly label: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

export interface PartKind {
  readonly kind: string;
  readonly label: string;
  readonly fields: readonly PartField[];
}

const PINS = Array.from({ length: 30 }, (_, pin) => pin);

function pinField(name: string, label: string, pins: readonly number[] = PINS): PartField {
  return { name, label, choices: pins.map((pin) => ({ value: String(pin), label: `GP${pin}` })) };
}

const RAIL: PartField = {
  name: "to",
  label: "other end",
  choices: [
    { value: "gnd", label: "GND" },
    { value: "3v3", label: "3V3" },
  ],
};

/** The parts that can be wired by hand, as `parts` of a launch configuration writes them. */
export const PART_KINDS: readonly PartKind[] = [
  { kind: "led", label: "LED", fields: [pinField("pin", "pin"), RAIL] },
  { kind: "button", label: "Button", fields: [pinField("pin", "pin"), RAIL] },
  { kind: "tm1637", label: "TM1637 display", fields: [pinField("clk", "CLK"), pinField("dio", "DIO")] },
  {
    kind: "tmp102",
    label: "TMP102 temperature sensor",
    fields: [
      pinField("sda", "SDA"),
      pinField("scl", "SCL"),
      {
        name: "address",
        label: "address",
        choices: ["0x48", "0x49", "0x4a", "0x4b"].map((value) => ({ value, label: value })),
      },
    ],
  },
  // A UART's signals repeat every four pins (RP2040 datasheet, table 279).
  {
    kind: "uart",
    label: "UART console",
    fields: [
      pinField(
        "tx",
        "the chip's TX",
        PINS.filter((pin) => pin % 4 === 0),
      ),
      pinField(
        "rx",
        "the chip's RX",
        PINS.filter((pin) => pin % 4 === 1),
      ),
    ],
  },
];

/** Where the samples have their parts: what a reader most probably wants. */
const USUAL: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  led: { pin: "16" },
  button: { pin: "15" },
  tm1637: { clk: "2", dio: "3" },
  tmp102: { sda: "4", scl: "5", address: "0x48" },
  uart: { tx: "0", rx: "1" },
};

/** What is chosen to begin with: the usual pins, and the next free ones where those are taken. */
export function firstChoice(kind: PartKind, parts: readonly BoardPart[]): Record<string, string> {
  const taken = new Set(parts.flatMap(({ pins }) => pins.map(({ pin }) => String(pin))));
  const isBusFree = kind.kind === "tmp102";
  const chosen: Record<string, string> = {};
  for (const { name, choices } of kind.fields) {
    const usual = USUAL[kind.kind]?.[name] ?? choices[0]!.value;
    const isPin = name !== "to" && name !== "address";
    const free = choices.find(({ value }) => !taken.has(value) && !Object.values(chosen).includes(value));
    const isUsualFree = !isPin || isBusFree || !taken.has(usual);
    chosen[name] = isUsualFree ? usual : (free?.value ?? usual);
  }
  return chosen;
}

/** A part as a launch configuration writes it: `tm1637:clk=2,dio=3`. */
export function partText({ kind, fields }: PartKind, chosen: Readonly<Record<string, string>>): string {
  const pairs = fields
    .filter(({ name }) => !(name === "to" && chosen[name] === "gnd"))
    .map(({ name }) => `${name}=${chosen[name] ?? ""}`);
  return `${kind}:${pairs.join(",")}`;
}

/** The lines of a launch configuration that repeat a run. */
export function launchLines(launch: {
  readonly parts: readonly string[];
  readonly stimuli: readonly string[];
}): string {
  const { parts, stimuli } = launch;
  return `${JSON.stringify({ parts, stimuli }, undefined, 2).slice(4, -2)}\n`;
}
