import { RegisterBlock, repeat } from "../../register-block";

const PINS = ["SCLK", "SS", "SD0", "SD1", "SD2", "SD3"];
const DESTINATIONS = ["PROC0", "PROC1", "DORMANT_WAKE"];
const ALL_BITS = 0xff_ffff;

/**
 * IO_QSPI (datasheet 2.19.6.2): the flash pins' muxes. They remember what is written; the flash is reached through
 * XIP whatever they say, and the pins raise no interrupts.
 */
export class IoQspi extends RegisterBlock {
  constructor() {
    super(
      "IO_QSPI",
      0x4001_8000,
      0x1000,
      {
        ...repeat(0x00, 8, PINS.length, (n) => ({ name: `GPIO_QSPI_${PINS[n]!}_STATUS` })),
        ...repeat(0x04, 8, PINS.length, (n) => ({
          name: `GPIO_QSPI_${PINS[n]!}_CTRL`,
          reset: 0x1f,
          writable: 0x3003_331f,
        })),
        0x30: { name: "INTR", isEmulated: false },
        ...repeat(0x34, 12, 3, (n) => interruptRegister(`${DESTINATIONS[n]!}_INTE`)),
        ...repeat(0x38, 12, 3, (n) => interruptRegister(`${DESTINATIONS[n]!}_INTF`)),
        ...repeat(0x3c, 12, 3, (n) => ({ name: `${DESTINATIONS[n]!}_INTS`, isEmulated: false })),
      },
      {},
    );
  }
}

function interruptRegister(name: string) {
  return { name, writable: ALL_BITS, isEmulated: false };
}
