import { RegisterBlock } from "../../register-block";

/** TBMAN (datasheet 2.22): the program runs on a chip, not in a test bench or an FPGA. */
export class Tbman extends RegisterBlock {
  constructor() {
    super("TBMAN", 0x4006_c000, 0x1000, { 0x00: { name: "PLATFORM", reset: 1 } }, {});
  }
}
