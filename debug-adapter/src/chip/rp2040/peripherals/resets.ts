import type { Peripheral } from "../../peripheral";
import { RegisterBlock } from "../../register-block";

const RESET = 0x00;
const WDSEL = 0x04;
const RESET_DONE = 0x08;

/** The blocks of the RESETS registers by bit (datasheet 2.14.3). */
export const RESETS_BLOCKS = [
  "ADC",
  "BUSCTRL",
  "DMA",
  "I2C0",
  "I2C1",
  "IO_BANK0",
  "IO_QSPI",
  "JTAG",
  "PADS_BANK0",
  "PADS_QSPI",
  "PIO0",
  "PIO1",
  "PLL_SYS",
  "PLL_USB",
  "PWM",
  "RTC",
  "SPI0",
  "SPI1",
  "SYSCFG",
  "SYSINFO",
  "TBMAN",
  "TIMER",
  "UART0",
  "UART1",
  "USBCTRL",
] as const;

const ALL = 2 ** RESETS_BLOCKS.length - 1;

/**
 * The subsystem resets (datasheet 2.14). A block whose bit is set stands at its reset values and ignores writes;
 * RESET_DONE follows at once.
 */
export class Resets extends RegisterBlock {
  private readonly blocks: (readonly Peripheral[])[];

  constructor(
    blocksByName: ReadonlyMap<string, readonly Peripheral[]>,
    private readonly hold: (block: Peripheral, isHeld: boolean) => void,
  ) {
    super(
      "RESETS",
      0x4000_c000,
      0x1000,
      {
        [RESET]: { name: "RESET", reset: ALL, writable: ALL },
        [WDSEL]: { name: "WDSEL", writable: ALL },
        [RESET_DONE]: { name: "RESET_DONE" },
      },
      {},
    );
    this.blocks = RESETS_BLOCKS.map((name) => blocksByName.get(name) ?? []);
  }

  override peek(offset: number): number {
    return offset === RESET_DONE ? ~this.registers[RESET >> 2]! & ALL : super.peek(offset);
  }

  override write(offset: number, value: number): void {
    const before = this.registers[RESET >> 2]!;
    super.write(offset, value);
    if (offset === RESET) this.apply(before);
  }

  override reset(): void {
    const before = this.registers[RESET >> 2]!;
    super.reset();
    this.apply(before);
    this.holdBlocks();
  }

  /** Tells the bus which blocks are held: after power-on and after a restore, where no bit changes. */
  holdBlocks(): void {
    const held = this.registers[RESET >> 2]!;
    this.blocks.forEach((blocks, bit) => {
      for (const block of blocks) this.hold(block, (held & (1 << bit)) !== 0);
    });
  }

  private apply(before: number): void {
    const after = this.registers[RESET >> 2]!;
    this.blocks.forEach((blocks, bit) => {
      if ((((before ^ after) >>> bit) & 1) === 0) return;
      const isHeld = ((after >>> bit) & 1) !== 0;
      for (const block of blocks) {
        if (isHeld) block.reset();
        this.hold(block, isHeld);
      }
    });
  }
}
