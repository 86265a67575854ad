import { RegisterBlock } from "../../register-block";

/** RP2040 B2: revision 2, part 2, manufacturer Raspberry Pi (datasheet 2.20.2). */
const CHIP_ID = 0x2000_2927;
const PLATFORM_ASIC = 1 << 1;

/** SYSINFO (datasheet 2.20): says that this is an RP2040 of revision B2. */
export class Sysinfo extends RegisterBlock {
  constructor() {
    super(
      "SYSINFO",
      0x4000_0000,
      0x1000,
      {
        0x00: { name: "CHIP_ID", reset: CHIP_ID },
        0x04: { name: "PLATFORM", reset: PLATFORM_ASIC },
        0x40: { name: "GITREF_RP2040", reset: 0xe0c9_12e8 },
      },
      {},
    );
  }
}
