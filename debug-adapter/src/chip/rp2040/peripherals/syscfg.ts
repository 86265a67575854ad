import { RegisterBlock } from "../../register-block";

const PROC0_NMI_MASK = 0x00;
const PROC_CONFIG = 0x08;

/** SYSCFG (datasheet 2.21). The input synchronisers add no delay here, so bypassing them changes nothing. */
export class Syscfg extends RegisterBlock {
  constructor(private readonly onNmiMask: (mask: number) => void) {
    super(
      "SYSCFG",
      0x4000_4000,
      0x1000,
      {
        [PROC0_NMI_MASK]: { name: "PROC0_NMI_MASK", writable: 0xffff_ffff },
        0x04: { name: "PROC1_NMI_MASK", writable: 0xffff_ffff },
        [PROC_CONFIG]: {
          name: "PROC_CONFIG",
          reset: 0x1000_0000,
          writable: 0xff00_0000,
        },
        0x0c: { name: "PROC_IN_SYNC_BYPASS", writable: 0x3fff_ffff },
        0x10: { name: "PROC_IN_SYNC_BYPASS_HI", writable: 0x3f },
        0x14: { name: "DBGFORCE", reset: 0x66, writable: 0xee, isEmulated: false },
        0x18: { name: "MEMPOWERDOWN", writable: 0xff, isEmulated: false },
      },
      {},
    );
  }

  /** The interrupt lines that raise core 0's NMI (datasheet 2.3.3). */
  get nmiMask(): number {
    return this.registers[PROC0_NMI_MASK >> 2]!;
  }

  override write(offset: number, value: number): void {
    super.write(offset, value);
    if (offset === PROC0_NMI_MASK) this.onNmiMask(this.nmiMask);
  }

  override reset(): void {
    super.reset();
    this.onNmiMask(0);
  }
}
