import { RegisterBlock } from "../../register-block";

const PADS = [
  ["GPIO_QSPI_SCLK", 0x56],
  ["GPIO_QSPI_SD0", 0x52],
  ["GPIO_QSPI_SD1", 0x52],
  ["GPIO_QSPI_SD2", 0x52],
  ["GPIO_QSPI_SD3", 0x52],
  ["GPIO_QSPI_SS", 0x5a],
] as const;

/** The pads of the flash pins (datasheet 2.19.6.4), which remember what is written and do nothing else. */
export class PadsQspi extends RegisterBlock {
  constructor() {
    const pads = PADS.map(([name, reset], n) => [4 + n * 4, { name, reset, writable: 0xff }] as const);
    super(
      "PADS_QSPI",
      0x4002_0000,
      0x1000,
      { 0x00: { name: "VOLTAGE_SELECT", writable: 1 }, ...Object.fromEntries(pads) },
      {},
    );
  }
}
