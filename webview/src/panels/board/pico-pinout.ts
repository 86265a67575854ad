/** A pin of the Pico's two rows. */
export interface HeaderPin {
  /** 1 to 40, as printed on the board: 1 to 20 down the left, 21 to 40 up the right, with USB at the top. */
  readonly number: number;
  /** What the datasheet calls it: `GP15`, `GND`, `3V3_EN`. */
  readonly name: string;
  /** Undefined for what is no pin of the chip. */
  readonly gpio: number | undefined;
}

/** Pico datasheet, section 2.1, "Pico pinout", in the order of the numbers. */
const NAMES = [
  ..."GP0 GP1 GND GP2 GP3 GP4 GP5 GND GP6 GP7 GP8 GP9 GND GP10 GP11 GP12 GP13 GND GP14 GP15".split(" "),
  ..."GP16 GP17 GND GP18 GP19 GP20 GP21 GND GP22 RUN GP26 GP27 AGND GP28 ADC_VREF".split(" "),
  ..."3V3 3V3_EN GND VSYS VBUS".split(" "),
];

export const HEADER_PINS: readonly HeaderPin[] = NAMES.map((name, i) => ({
  number: i + 1,
  name,
  gpio: name.startsWith("GP") ? Number(name.slice(2)) : undefined,
}));

/** Pins of the chip that the Pico uses itself (Pico datasheet, section 2.1). */
export const BOARD_PINS: Readonly<Record<number, string>> = {
  23: "power save of the supply",
  24: "VBUS sense",
  25: "LED",
  29: "VSYS / 3",
};

/** The pin that the Pico's own LED is on. */
export const LED_PIN = 25;

/** Where a pin of the chip comes out; undefined for one that does not. */
export function headerPinOf(gpio: number): HeaderPin | undefined {
  return HEADER_PINS.find((pin) => pin.gpio === gpio);
}
