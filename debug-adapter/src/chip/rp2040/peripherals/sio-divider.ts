/** Cycles from the write of an operand to the result (datasheet 2.3.1.5). */
const LATENCY = 8;
const READY = 1;
const DIRTY = 2;

export const DIV_UDIVIDEND = 0x60;
export const DIV_UDIVISOR = 0x64;
export const DIV_SDIVIDEND = 0x68;
export const DIV_SDIVISOR = 0x6c;
export const DIV_QUOTIENT = 0x70;
export const DIV_REMAINDER = 0x74;
export const DIV_CSR = 0x78;

/**
 * The integer divider of one core (datasheet 2.3.1.5). The result is there at once, and DIV_CSR.READY follows when
 * the real one would have it; firmware that reads earlier gets garbage on silicon and the right result here.
 */
export class SioDivider {
  readonly state = { dividend: 0, divisor: 0, quotient: 0, remainder: 0, isDirty: false, readyAtCycle: 0 };

  /** A register other than DIV_CSR. */
  peek(offset: number): number {
    const { state } = this;
    switch (offset) {
      case DIV_UDIVIDEND:
      case DIV_SDIVIDEND:
        return state.dividend;
      case DIV_UDIVISOR:
      case DIV_SDIVISOR:
        return state.divisor;
      case DIV_QUOTIENT:
        return state.quotient;
      default:
        return state.remainder;
    }
  }

  /** DIV_CSR at a count of the core's cycles. */
  csr(cycle: number): number {
    return (this.state.isDirty ? DIRTY : 0) | (cycle >= this.state.readyAtCycle ? READY : 0);
  }

  read(offset: number): number {
    if (offset === DIV_QUOTIENT) this.state.isDirty = false;
    return this.peek(offset);
  }

  write(offset: number, value: number, cycle: number): void {
    const { state } = this;
    state.isDirty = true;
    state.readyAtCycle = cycle;
    switch (offset) {
      case DIV_QUOTIENT:
        state.quotient = value >>> 0;
        return;
      case DIV_REMAINDER:
        state.remainder = value >>> 0;
        return;
      case DIV_UDIVIDEND:
      case DIV_SDIVIDEND:
        state.dividend = value >>> 0;
        break;
      default:
        state.divisor = value >>> 0;
    }
    state.readyAtCycle = cycle + LATENCY;
    if (offset === DIV_SDIVIDEND || offset === DIV_SDIVISOR) this.divideSigned();
    else this.divideUnsigned();
  }

  reset(): void {
    Object.assign(this.state, new SioDivider().state);
  }

  private divideUnsigned(): void {
    const { state } = this;
    const { dividend, divisor } = state;
    state.quotient = divisor === 0 ? 0xffff_ffff : Math.floor(dividend / divisor);
    state.remainder = divisor === 0 ? dividend : dividend % divisor;
  }

  /** By zero, the quotient is all ones with the sign rule applied: -1, or 1 for a negative dividend. */
  private divideSigned(): void {
    const { state } = this;
    const dividend = state.dividend | 0;
    const divisor = state.divisor | 0;
    const byZero = dividend < 0 ? 1 : -1;
    state.quotient = (divisor === 0 ? byZero : Math.trunc(dividend / divisor)) >>> 0;
    state.remainder = (divisor === 0 ? dividend : dividend % divisor) >>> 0;
  }
}
