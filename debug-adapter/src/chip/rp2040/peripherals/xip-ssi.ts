import { RegisterBlock } from "../../register-block";

const CTRLR0 = 0x00;
const CTRLR1 = 0x04;
const SSIENR = 0x08;
const RXFLR = 0x24;
const SR = 0x28;
const DR0 = 0x60;
const DR35 = 0xec;

const SR_TFNF = 1 << 1;
const SR_TFE = 1 << 2;
const SR_RFNE = 1 << 3;
const TMOD_SHIFT = 8;
const TMOD_EEPROM_READ = 3;

/** JEDEC id of the W25Q16JV. */
const JEDEC_ID = [0xef, 0x40, 0x15];
const UNIQUE_ID = [0xe6, 0x60, 0x50, 0x4f, 0x4c, 0x53, 0x43, 0x50];
/** Status register 2 with QE set, so that the second-stage boot loader finds the flash set up for four lines. */
const STATUS_2 = 0x02;

/**
 * The flash's serial interface (datasheet 4.10), as far as firmware uses it beside XIP: the second-stage boot loader
 * sets it up, and identification commands are sent by hand. Transfers take no time. XIP itself does not depend on it.
 */
export class XipSsi extends RegisterBlock<{ command: number[]; received: number[] }> {
  constructor() {
    super(
      "XIP_SSI",
      0x1800_0000,
      0x100,
      {
        [CTRLR0]: { name: "CTRLR0", writable: 0x17f_ffff },
        [CTRLR1]: { name: "CTRLR1", writable: 0xffff },
        [SSIENR]: { name: "SSIENR", writable: 1 },
        0x0c: { name: "MWCR", writable: 7 },
        0x10: { name: "SER", writable: 1 },
        0x14: { name: "BAUDR", writable: 0xffff },
        0x18: { name: "TXFTLR", writable: 0xff },
        0x1c: { name: "RXFTLR", writable: 0xff },
        0x20: { name: "TXFLR" },
        [RXFLR]: { name: "RXFLR" },
        [SR]: { name: "SR" },
        0x2c: { name: "IMR", writable: 0x3f, isEmulated: false },
        0x30: { name: "ISR", isEmulated: false },
        0x34: { name: "RISR", isEmulated: false },
        0x38: { name: "TXOICR" },
        0x3c: { name: "RXOICR" },
        0x40: { name: "RXUICR" },
        0x44: { name: "MSTICR" },
        0x48: { name: "ICR" },
        0x4c: { name: "DMACR", writable: 3, isEmulated: false },
        0x50: { name: "DMATDLR", writable: 0xff },
        0x54: { name: "DMARDLR", writable: 0xff },
        0x58: { name: "IDR", reset: 0x5153_5049 },
        0x5c: { name: "SSI_VERSION_ID", reset: 0x3430_312a },
        [DR0]: { name: "DR0" },
        0xf0: { name: "RX_SAMPLE_DLY", writable: 0xff },
        0xf4: { name: "SPI_CTRLR0", reset: 0x0300_0000, writable: 0xff07_fb3f },
        0xf8: { name: "TXD_DRIVE_EDGE", writable: 0xff },
      },
      { command: [], received: [] },
    );
  }

  override read(offset: number): number {
    return isData(offset) ? (this.state.received.shift() ?? 0) : this.peek(offset);
  }

  override peek(offset: number): number {
    const { received } = this.state;
    if (offset === SR) return SR_TFE | SR_TFNF | (received.length > 0 ? SR_RFNE : 0);
    if (offset === RXFLR) return received.length;
    return isData(offset) ? (received[0] ?? 0) : super.peek(offset);
  }

  override write(offset: number, value: number): void {
    if (isData(offset)) this.transfer(value & 0xff);
    else super.write(offset, value);
    // Disabling the block clears its FIFOs and lifts the chip select (datasheet 4.10.3).
    if (offset === SSIENR && (value & 1) === 0) this.endCommand();
  }

  /** As the second-stage boot loader for the W25Q16JV leaves the block (datasheet 4.10.11). */
  setUpForXip(): void {
    this.write(0x14, 4);
    this.write(0xf0, 1);
    this.write(CTRLR0, 0x005f_0300);
    this.write(0xf4, 0xa000_2022);
    this.write(SSIENR, 1);
  }

  /** One byte out, one byte in; in EEPROM mode the answer comes as CTRLR1 + 1 bytes of its own. */
  private transfer(byte: number): void {
    const { command, received } = this.state;
    const isEepromRead = ((this.registers[CTRLR0 >> 2]! >>> TMOD_SHIFT) & 3) === TMOD_EEPROM_READ;
    command.push(byte);
    if (isEepromRead) {
      received.length = 0;
      const count = this.registers[CTRLR1 >> 2]! + 1;
      for (let i = 0; i < count; i++) received.push(answer(command, command.length + i));
    } else {
      received.push(answer(command, command.length - 1));
    }
  }

  private endCommand(): void {
    this.state.command.length = 0;
    this.state.received.length = 0;
  }
}

/** DR0 to DR35 are one register. */
function isData(offset: number): boolean {
  return offset >= DR0 && offset <= DR35;
}

/** What the flash sends as the byte at `index` of a command that began with `command`. */
function answer(command: readonly number[], index: number): number {
  if (index === 0) return 0;
  switch (command[0]) {
    case 0x9f:
      return JEDEC_ID[index - 1] ?? 0;
    case 0x4b:
      return UNIQUE_ID[index - 5] ?? 0;
    case 0x35:
      return STATUS_2;
    default:
      return 0;
  }
}
