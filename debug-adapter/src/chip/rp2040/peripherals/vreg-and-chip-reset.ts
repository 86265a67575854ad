import { RegisterBlock } from "../../register-block";

const VREG = 0x00;
const BOD = 0x04;
const CHIP_RESET = 0x08;
const ROK = 1 << 12;
const PSM_RESTART_FLAG = 1 << 24;
const HAD_POR = 1 << 8;

/** The core voltage regulator and the chip-level reset (datasheet 2.10, 2.12). The voltage is always good. */
export class VregAndChipReset extends RegisterBlock {
  constructor() {
    super(
      "VREG_AND_CHIP_RESET",
      0x4006_4000,
      0x1000,
      {
        [VREG]: { name: "VREG", reset: 0xb1, writable: 0xf3 },
        [BOD]: { name: "BOD", reset: 0x91, writable: 0xf1 },
        [CHIP_RESET]: { name: "CHIP_RESET", reset: HAD_POR },
      },
      {},
    );
  }

  override peek(offset: number): number {
    return offset === VREG ? super.peek(offset) | ROK : super.peek(offset);
  }

  override write(offset: number, value: number): void {
    if (offset === CHIP_RESET) this.registers[CHIP_RESET >> 2]! &= ~(value & PSM_RESTART_FLAG);
    else super.write(offset, value);
  }
}
