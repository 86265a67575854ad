/** User pins of the RP2040: GPIO0 to GPIO29. */
export const PIN_COUNT = 30;

/** Values of FUNCSEL (datasheet 2.19.2, table 279). */
export const PinFunction = {
  SPI: 1,
  UART: 2,
  I2C: 3,
  PWM: 4,
  SIO: 5,
  PIO0: 6,
  PIO1: 7,
  CLOCK: 8,
  USB: 9,
  NULL: 0x1f,
} as const;

/** A UART's signals repeat every four pins, and its number every eight with an offset of four. */
export type UartSignal = "TX" | "RX" | "CTS" | "RTS";
const UART_SIGNALS: readonly UartSignal[] = ["TX", "RX", "CTS", "RTS"];

/** Which UART a pin belongs to when its function is UART, and as what. */
export function uartOfPin(pin: number): { readonly uart: 0 | 1; readonly signal: UartSignal } {
  return { uart: ((pin + 4) & 8) === 0 ? 0 : 1, signal: UART_SIGNALS[pin & 3]! };
}

/** The pins that can carry a signal of a UART. */
export function uartPins(uart: 0 | 1, signal: UartSignal): number[] {
  return pinsWhere((pin) => uartOfPin(pin).uart === uart && uartOfPin(pin).signal === signal);
}

export type I2cSignal = "SDA" | "SCL";

/** Which I2C block a pin belongs to when its function is I2C, and as what. */
export function i2cOfPin(pin: number): { readonly i2c: 0 | 1; readonly signal: I2cSignal } {
  return { i2c: (pin & 2) === 0 ? 0 : 1, signal: (pin & 1) === 0 ? "SDA" : "SCL" };
}

/** The pins that can carry a signal of an I2C block. */
export function i2cPins(i2c: 0 | 1, signal: I2cSignal): number[] {
  return pinsWhere((pin) => i2cOfPin(pin).i2c === i2c && i2cOfPin(pin).signal === signal);
}

export type SpiSignal = "RX" | "CSn" | "SCK" | "TX";
const SPI_SIGNALS: readonly SpiSignal[] = ["RX", "CSn", "SCK", "TX"];

/** The pins that can carry a signal of an SPI block. */
export function spiPins(spi: 0 | 1, signal: SpiSignal): number[] {
  return pinsWhere((pin) => ((pin >>> 3) & 1) === spi && SPI_SIGNALS[pin & 3] === signal);
}

/** What a value of FUNCSEL connects a pin to, in the words of the datasheet's table 279; `none` where it is nothing. */
export function signalOfPin(pin: number, pinFunction: number): string {
  switch (pinFunction) {
    case PinFunction.SPI:
      return `SPI${(pin >>> 3) & 1} ${SPI_SIGNALS[pin & 3]!}`;
    case PinFunction.UART: {
      const { uart, signal } = uartOfPin(pin);
      return `UART${uart} ${signal}`;
    }
    case PinFunction.I2C: {
      const { i2c, signal } = i2cOfPin(pin);
      return `I2C${i2c} ${signal}`;
    }
    case PinFunction.PWM:
      return `PWM${(pin >>> 1) & 7} ${(pin & 1) === 0 ? "A" : "B"}`;
    case PinFunction.SIO:
      return "SIO";
    case PinFunction.PIO0:
      return "PIO0";
    case PinFunction.PIO1:
      return "PIO1";
    case PinFunction.CLOCK:
      return CLOCK_SIGNALS[pin] ?? "none";
    case PinFunction.USB:
      return USB_SIGNALS[pin % 3]!;
    default:
      return "none";
  }
}

/** Pins with a signal of the clocks (table 279). */
const CLOCK_SIGNALS: Readonly<Record<number, string>> = {
  20: "CLOCK GPIN0",
  21: "CLOCK GPOUT0",
  22: "CLOCK GPIN1",
  23: "CLOCK GPOUT1",
  24: "CLOCK GPOUT2",
  25: "CLOCK GPOUT3",
};
const USB_SIGNALS = ["USB OVCUR DET", "USB VBUS DET", "USB VBUS EN"] as const;

/** The pins of a PWM slice's channel: A is 0, B is 1. */
export function pwmPins(slice: number, channel: 0 | 1): number[] {
  return pinsWhere((pin) => ((pin >>> 1) & 7) === slice && (pin & 1) === channel);
}

function pinsWhere(claim: (pin: number) => boolean): number[] {
  return Array.from({ length: PIN_COUNT }, (_, pin) => pin).filter(claim);
}
