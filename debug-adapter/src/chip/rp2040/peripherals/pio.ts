import { RegisterBlock, repeat, type RegisterMap } from "../../register-block";

/** PIO0 and PIO1 (datasheet 3): register names only. No state machine runs; FIFOs look empty. */
export class Pio extends RegisterBlock {
  constructor(index: 0 | 1) {
    super(`PIO${index}`, index === 0 ? 0x5020_0000 : 0x5030_0000, 0x1000, REGISTERS, {});
  }
}

const all = { writable: 0xffff_ffff, isEmulated: false };
const STATE_MACHINE: readonly (readonly [string, number])[] = [
  ["CLKDIV", 0x0001_0000],
  ["EXECCTRL", 0x0001_f000],
  ["SHIFTCTRL", 0x000c_0000],
  ["ADDR", 0],
  ["INSTR", 0],
  ["PINCTRL", 0x1400_0000],
];
const INTERRUPTS = ["IRQ0_INTE", "IRQ0_INTF", "IRQ0_INTS", "IRQ1_INTE", "IRQ1_INTF", "IRQ1_INTS"];

const REGISTERS: RegisterMap = {
  0x00: { name: "CTRL", ...all },
  0x04: { name: "FSTAT", reset: 0x0f00_0f00, isEmulated: false },
  0x08: { name: "FDEBUG", isEmulated: false },
  0x0c: { name: "FLEVEL", isEmulated: false },
  ...repeat(0x10, 4, 4, (n) => ({ name: `TXF${n}`, isEmulated: false })),
  ...repeat(0x20, 4, 4, (n) => ({ name: `RXF${n}`, isEmulated: false })),
  0x30: { name: "IRQ", isEmulated: false },
  0x34: { name: "IRQ_FORCE", isEmulated: false },
  0x38: { name: "INPUT_SYNC_BYPASS", ...all },
  0x3c: { name: "DBG_PADOUT", isEmulated: false },
  0x40: { name: "DBG_PADOE", isEmulated: false },
  0x44: { name: "DBG_CFGINFO", reset: 0x0020_0404, isEmulated: true },
  ...repeat(0x48, 4, 32, (n) => ({ name: `INSTR_MEM${n}`, ...all })),
  ...repeat(0xc8, 4, 24, (n) => {
    const [name, reset] = STATE_MACHINE[n % 6]!;
    return { name: `SM${Math.floor(n / 6)}_${name}`, reset, ...all };
  }),
  0x128: { name: "INTR", isEmulated: false },
  ...repeat(0x12c, 4, 6, (n) => ({ name: INTERRUPTS[n]!, ...all })),
};
