import { RegisterBlock } from "../../register-block";

const CS = 0x00;
const PWR = 0x04;
const FBDIV_INT = 0x08;
const PRIM = 0x0c;

const LOCK = 0x8000_0000;
const BYPASS = 1 << 8;
const VCOPD = 1 << 5;
const POSTDIVPD = 1 << 3;
const PD = 1;

/** PLL_SYS or PLL_USB (datasheet 2.18). It locks at once; the datasheet gives no time for it. */
export class Pll extends RegisterBlock {
  constructor(
    name: "PLL_SYS" | "PLL_USB",
    private readonly referenceHz: () => number,
    private readonly onChange: () => void,
  ) {
    super(
      name,
      name === "PLL_SYS" ? 0x4002_8000 : 0x4002_c000,
      0x1000,
      {
        [CS]: { name: "CS", reset: 1, writable: BYPASS | 0x3f },
        [PWR]: { name: "PWR", reset: 0x2d, writable: VCOPD | POSTDIVPD | 0x04 | PD },
        [FBDIV_INT]: { name: "FBDIV_INT", writable: 0xfff },
        [PRIM]: { name: "PRIM", reset: 0x7_7000, writable: 0x7_7000 },
      },
      {},
    );
  }

  get isLocked(): boolean {
    const isPowered = (this.registers[PWR >> 2]! & (PD | VCOPD)) === 0;
    return isPowered && this.registers[FBDIV_INT >> 2]! >= 16 && this.referenceHz() > 0;
  }

  /** FREF / REFDIV x FBDIV / (POSTDIV1 x POSTDIV2), datasheet 2.18.2; 0 while it is off. */
  get frequencyHz(): number {
    const cs = this.registers[CS >> 2]!;
    const reference = this.referenceHz() / Math.max(1, cs & 0x3f);
    if ((cs & BYPASS) !== 0) return reference;
    if (!this.isLocked || (this.registers[PWR >> 2]! & POSTDIVPD) !== 0) return 0;
    const prim = this.registers[PRIM >> 2]!;
    const divisor = Math.max(1, (prim >>> 16) & 7) * Math.max(1, (prim >>> 12) & 7);
    return (reference * this.registers[FBDIV_INT >> 2]!) / divisor;
  }

  override peek(offset: number): number {
    const value = super.peek(offset);
    return offset === CS && this.isLocked ? (value | LOCK) >>> 0 : value;
  }

  override write(offset: number, value: number): void {
    super.write(offset, value);
    this.onChange();
  }

  override reset(): void {
    super.reset();
    this.onChange();
  }
}
