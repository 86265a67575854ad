const ACCUM0 = 0x00;
const ACCUM1 = 0x04;
const BASE0 = 0x08;
const BASE1 = 0x0c;
const BASE2 = 0x10;
const POP_LANE0 = 0x14;
const POP_FULL = 0x1c;
const PEEK_LANE0 = 0x20;
const PEEK_LANE1 = 0x24;
const PEEK_FULL = 0x28;
const CTRL_LANE0 = 0x2c;
const CTRL_LANE1 = 0x30;
const ACCUM0_ADD = 0x34;
const ACCUM1_ADD = 0x38;
const BASE_1AND0 = 0x3c;

const SIGNED = 1 << 15;
const CROSS_INPUT = 1 << 16;
const CROSS_RESULT = 1 << 17;
const ADD_RAW = 1 << 18;
const BLEND = 1 << 21;
const CLAMP = 1 << 22;
const OVERF0 = 1 << 23;
const OVERF1 = 1 << 24;
const OVERF = 1 << 25;
const LANE_CTRL = 0x1f_ffff;

export const INTERPOLATOR_REGISTERS = [
  "ACCUM0",
  "ACCUM1",
  "BASE0",
  "BASE1",
  "BASE2",
  "POP_LANE0",
  "POP_LANE1",
  "POP_FULL",
  "PEEK_LANE0",
  "PEEK_LANE1",
  "PEEK_FULL",
  "CTRL_LANE0",
  "CTRL_LANE1",
  "ACCUM0_ADD",
  "ACCUM1_ADD",
  "BASE_1AND0",
] as const;

/** INTERP0 or INTERP1 of one core (datasheet 2.3.1.6). Offsets count from its ACCUM0. */
export class SioInterpolator {
  readonly state = {
    accum: new Int32Array(2),
    base: new Int32Array(3),
    ctrl: new Int32Array(2),
  };

  /** INTERP0 can blend, INTERP1 can clamp: bits of CTRL_LANE0 that exist. */
  constructor(private readonly index: 0 | 1) {}

  read(offset: number): number {
    if (offset < POP_LANE0 || offset > POP_FULL) return this.peek(offset);
    const value = this.peek(offset + PEEK_LANE0 - POP_LANE0);
    this.writeBack();
    return value;
  }

  peek(offset: number): number {
    const { accum, base, ctrl } = this.state;
    switch (offset) {
      case ACCUM0:
      case ACCUM1:
        return accum[offset >> 2]! >>> 0;
      case BASE0:
      case BASE1:
      case BASE2:
        return base[(offset - BASE0) >> 2]! >>> 0;
      case PEEK_LANE0:
        return (this.lane0() | forcedBits(ctrl[0]!)) >>> 0;
      case PEEK_LANE1:
        return (this.lane1() | forcedBits(ctrl[1]!)) >>> 0;
      case PEEK_FULL:
        return this.full() >>> 0;
      case CTRL_LANE0:
        return (ctrl[0]! | this.overflow()) >>> 0;
      case CTRL_LANE1:
        return ctrl[1]! >>> 0;
      case ACCUM0_ADD:
        return this.shifted(0) >>> 0;
      case ACCUM1_ADD:
        return this.shifted(1) >>> 0;
      default:
        return offset >= POP_LANE0 && offset <= POP_FULL ? this.peek(offset + PEEK_LANE0 - POP_LANE0) : 0;
    }
  }

  write(offset: number, value: number): void {
    const { accum, base, ctrl } = this.state;
    switch (offset) {
      case ACCUM0:
      case ACCUM1:
        accum[offset >> 2] = value;
        return;
      case BASE0:
      case BASE1:
      case BASE2:
        base[(offset - BASE0) >> 2] = value;
        return;
      case CTRL_LANE0:
        ctrl[0] = value & (LANE_CTRL | (this.index === 0 ? BLEND : CLAMP));
        return;
      case CTRL_LANE1:
        ctrl[1] = value & LANE_CTRL;
        return;
      case ACCUM0_ADD:
      case ACCUM1_ADD:
        accum[(offset - ACCUM0_ADD) >> 2]! += (value << 8) >> 8;
        return;
      case BASE_1AND0:
        base[0] = (ctrl[0]! & SIGNED) !== 0 ? (value << 16) >> 16 : value & 0xffff;
        base[1] = (ctrl[1]! & SIGNED) !== 0 ? value >> 16 : value >>> 16;
    }
  }

  reset(): void {
    this.state.accum.fill(0);
    this.state.base.fill(0);
    this.state.ctrl.fill(0);
  }

  private get isBlending(): boolean {
    return (this.state.ctrl[0]! & BLEND) !== 0;
  }

  private input(lane: 0 | 1): number {
    const { accum, ctrl } = this.state;
    return accum[(ctrl[lane]! & CROSS_INPUT) !== 0 ? 1 - lane : lane]!;
  }

  /** The lane's input shifted right, masked to MASK_LSB..MASK_MSB and perhaps sign-extended from there. */
  private shifted(lane: 0 | 1): number {
    const ctrl = this.state.ctrl[lane]!;
    const msb = (ctrl >>> 10) & 31;
    const mask = bitsUpTo(msb) & ~lowBits((ctrl >>> 5) & 31);
    const value = (this.input(lane) >>> (ctrl & 31)) & mask;
    const isNegative = (ctrl & SIGNED) !== 0 && ((value >>> msb) & 1) !== 0;
    return isNegative ? value | ~bitsUpTo(msb) : value;
  }

  private term(lane: 0 | 1): number {
    return (this.state.ctrl[lane]! & ADD_RAW) !== 0 ? this.input(lane) : this.shifted(lane);
  }

  private lane0(): number {
    const { base, ctrl } = this.state;
    if (this.isBlending) return this.shifted(1) & 0xff;
    if ((ctrl[0]! & CLAMP) === 0) return (this.term(0) + base[0]!) | 0;
    const value = this.shifted(0);
    const isSigned = (ctrl[0]! & SIGNED) !== 0;
    const order = (x: number) => (isSigned ? x | 0 : x >>> 0);
    if (order(value) < order(base[0]!)) return base[0]!;
    return order(value) > order(base[1]!) ? base[1]! : value;
  }

  private lane1(): number {
    const { base, ctrl } = this.state;
    if (!this.isBlending) return (this.term(1) + base[1]!) | 0;
    const isSigned = (ctrl[1]! & SIGNED) !== 0;
    const from = isSigned ? base[0]! : base[0]! >>> 0;
    const to = isSigned ? base[1]! : base[1]! >>> 0;
    const alpha = this.shifted(1) & 0xff;
    // Up to 41 bits: exact in a double.
    return (from + Math.floor((alpha * (to - from)) / 256)) | 0;
  }

  private full(): number {
    const sum = this.state.base[2]! + this.shifted(0);
    return (this.isBlending ? sum : sum + this.shifted(1)) | 0;
  }

  private overflow(): number {
    const lost = (lane: 0 | 1) => {
      const ctrl = this.state.ctrl[lane]!;
      return ((this.input(lane) >>> (ctrl & 31)) & ~bitsUpTo((ctrl >>> 10) & 31)) !== 0;
    };
    const first = lost(0) ? OVERF0 | OVERF : 0;
    return first | (lost(1) ? OVERF1 | OVERF : 0);
  }

  private writeBack(): void {
    const { accum, ctrl } = this.state;
    const lane0 = this.lane0();
    const lane1 = this.lane1();
    accum[0] = (ctrl[0]! & CROSS_RESULT) !== 0 ? lane1 : lane0;
    accum[1] = (ctrl[1]! & CROSS_RESULT) !== 0 ? lane0 : lane1;
  }
}

/** Bits 0 to `msb`. */
function bitsUpTo(msb: number): number {
  return msb === 31 ? -1 : (1 << (msb + 1)) - 1;
}

/** Bits 0 to `count` - 1. */
function lowBits(count: number): number {
  return (1 << count) - 1;
}

/** FORCE_MSB is put into bits 29:28 of what the core reads, not of what is written back. */
function forcedBits(ctrl: number): number {
  return ((ctrl >>> 19) & 3) << 28;
}
