import { RegisterBlock } from "../../register-block";

const FRCE_ON = 0x00;
const FRCE_OFF = 0x04;
const WDSEL = 0x08;
const DONE = 0x0c;
const ALL = 0x1_ffff;
const SIO = 1 << 14;
const PROC1 = 1 << 16;

/**
 * The power-on state machine (datasheet 2.13). Of its stages only SIO can be switched off, which resets it, as
 * embassy-rp does on every start; core 1 is always off, as it is not emulated.
 */
export class Psm extends RegisterBlock {
  constructor(private readonly resetSio: () => void) {
    super(
      "PSM",
      0x4001_0000,
      0x1000,
      {
        [FRCE_ON]: { name: "FRCE_ON", writable: ALL },
        [FRCE_OFF]: { name: "FRCE_OFF", writable: ALL },
        [WDSEL]: { name: "WDSEL", writable: ALL },
        [DONE]: { name: "DONE" },
      },
      {},
    );
  }

  override peek(offset: number): number {
    return offset === DONE ? ALL & ~(this.registers[FRCE_OFF >> 2]! & (SIO | PROC1)) : super.peek(offset);
  }

  override write(offset: number, value: number): void {
    super.write(offset, value);
    if (offset === FRCE_OFF && (value & SIO) !== 0) this.resetSio();
  }
}
