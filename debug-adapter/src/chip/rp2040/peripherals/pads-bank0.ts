import { RegisterBlock, repeat } from "../../register-block";

const VOLTAGE_SELECT = 0x00;
const GPIO0 = 0x04;
const SWCLK = 0x7c;
const SWD = 0x80;
const PINS = 30;

/** Bits of a pad's register (datasheet 2.19.6.3). Drive strength, slew rate and hysteresis have no effect on levels. */
export const Pad = { PDE: 1 << 2, PUE: 1 << 3, IE: 1 << 6, OD: 1 << 7 } as const;

/** The pads of the 30 user pins (datasheet 2.19.4): pulls, input enable, output disable. */
export class PadsBank0 extends RegisterBlock {
  constructor(private readonly onChange: (pin: number) => void) {
    super(
      "PADS_BANK0",
      0x4001_c000,
      0x1000,
      {
        [VOLTAGE_SELECT]: { name: "VOLTAGE_SELECT", writable: 1 },
        ...repeat(GPIO0, 4, PINS, (n) => ({ name: `GPIO${n}`, reset: 0x56, writable: 0xff })),
        [SWCLK]: { name: "SWCLK", reset: 0xda, writable: 0xff },
        [SWD]: { name: "SWD", reset: 0x5a, writable: 0xff },
      },
      {},
    );
  }

  /** The register of a pin's pad: bits of `Pad`. */
  pad(pin: number): number {
    return this.registers[(GPIO0 >> 2) + pin]!;
  }

  override write(offset: number, value: number): void {
    super.write(offset, value);
    if (offset >= GPIO0 && offset < SWCLK) this.onChange((offset - GPIO0) >> 2);
  }

  override reset(): void {
    super.reset();
    for (let pin = 0; pin < PINS; pin++) this.onChange(pin);
  }
}
