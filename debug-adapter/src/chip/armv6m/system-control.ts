import type { Core } from "./core";
import { IPSR, NMI, PENDSV, SVCALL, SYSTICK } from "./core-state";

// Places in `state`.
const VTOR = 0;
const SCR = 1;
const MPU_CTRL = 2;
const MPU_RNR = 3;
/** One RBAR and one RASR for each of eight regions follow. */
const MPU_REGIONS = 4;

/** Cortex-M0+ r0p1 (RP2040 datasheet 2.4.8, CPUID). */
const CPUID = 0x410cc601;
/** Little-endian; the key reads back as 0xfa05 (ARMv6-M ARM B3.2.6). */
const AIRCR = 0xfa050000;
/** STKALIGN and UNALIGN_TRP are always 1 (B3.2.8). */
const CCR = 0x208;
/** Eight regions, unified (RP2040 datasheet 2.4.8, MPU_TYPE). */
const MPU_TYPE = 0x800;
/** TBLOFF is bits 31 to 8 on RP2040 (datasheet 2.4.8). */
const VTOR_MASK = 0xffffff00;

const SCR_SLEEPONEXIT = 2;
const SCR_SLEEPDEEP = 4;
const SCR_SEVONPEND = 16;

/**
 * The private peripheral bus at 0xe0000000 (ARMv6-M ARM B3.1): system control block, SysTick, NVIC, and the MPU, whose
 * registers hold what is written to them but protect nothing.
 */
export class SystemControl {
  readonly state = new Uint32Array(MPU_REGIONS + 16);

  constructor(private readonly core: Core) {}

  reset(): void {
    this.state.fill(0);
  }

  get vectorTable(): number {
    return this.state[VTOR]!;
  }

  setVectorTable(address: number): void {
    this.state[VTOR] = address & VTOR_MASK;
  }

  get sleepsOnExit(): boolean {
    return (this.state[SCR]! & SCR_SLEEPONEXIT) !== 0;
  }

  /** Whether an exception that becomes pending is an event for WFE. */
  get sendsEventOnPend(): boolean {
    return (this.state[SCR]! & SCR_SEVONPEND) !== 0;
  }

  /** The word at an offset from 0xe0000000, as the core reads it. */
  read(offset: number): number {
    const low = offset - 0xe000;
    const value =
      low < 0 || low >= 0x1000
        ? undefined
        : (this.core.sysTick.read(low, this.core.accessCycle) ??
          this.core.nvic.read(low) ??
          this.readBlock(low));
    if (value !== undefined) return value;
    this.core.hooks.onUnimplemented?.(registerName(offset), "read");
    return 0;
  }

  /** The core writes a word at an offset from 0xe0000000. */
  write(offset: number, value: number): void {
    const low = offset - 0xe000;
    const isKnown =
      low >= 0 &&
      low < 0x1000 &&
      (this.core.sysTick.write(low, value, this.core.accessCycle) ||
        this.core.nvic.write(low, value >>> 0) ||
        this.writeBlock(low, value));
    if (!isKnown) this.core.hooks.onUnimplemented?.(registerName(offset), "write");
  }

  private readBlock(offset: number): number | undefined {
    const { core, state } = this;
    switch (offset) {
      case 0xd00:
        return CPUID;
      case 0xd04:
        return this.readIcsr();
      case 0xd08:
        return state[VTOR]!;
      case 0xd0c:
        return AIRCR;
      case 0xd10:
        return state[SCR]!;
      case 0xd14:
        return CCR;
      case 0xd1c:
        return (core.nvic.priorityOf(SVCALL) << 24) >>> 0;
      case 0xd20:
        return ((core.nvic.priorityOf(SYSTICK) << 24) | (core.nvic.priorityOf(PENDSV) << 16)) >>> 0;
      case 0xd24:
        return core.nvic.isPending(SVCALL) ? 1 << 15 : 0;
      case 0xd90:
        return MPU_TYPE;
      case 0xd94:
        return state[MPU_CTRL]!;
      case 0xd98:
        return state[MPU_RNR]!;
      case 0xd9c:
        return (state[this.mpuRegion()]! & ~0x1f) | state[MPU_RNR]!;
      case 0xda0:
        return state[this.mpuRegion() + 1]!;
      default:
        return undefined;
    }
  }

  private writeBlock(offset: number, value: number): boolean {
    const { core, state } = this;
    switch (offset) {
      case 0xd04:
        this.writeIcsr(value);
        return true;
      case 0xd08:
        this.setVectorTable(value);
        return true;
      case 0xd0c:
        if (value >>> 16 === 0x05fa && (value & 4) !== 0) core.requestReset();
        return true;
      case 0xd10:
        state[SCR] = value & (SCR_SLEEPONEXIT | SCR_SLEEPDEEP | SCR_SEVONPEND);
        return true;
      case 0xd1c:
        core.nvic.setPriority(SVCALL, value >>> 24);
        return true;
      case 0xd20:
        core.nvic.setPriority(PENDSV, (value >>> 16) & 0xff);
        core.nvic.setPriority(SYSTICK, value >>> 24);
        return true;
      default:
        // CPUID, CCR, SHCSR and MPU_TYPE have nothing that software can write.
        return offset === 0xd00 || offset === 0xd14 || offset === 0xd24 || this.writeMpu(offset, value);
    }
  }

  private writeMpu(offset: number, value: number): boolean {
    const state = this.state;
    switch (offset) {
      case 0xd90:
        return true;
      case 0xd94:
        state[MPU_CTRL] = value & 7;
        return (value & 1) === 0;
      case 0xd98:
        state[MPU_RNR] = value & 7;
        return true;
      case 0xd9c:
        // VALID: the write chooses the region as well (B3.5.8).
        if ((value & 0x10) !== 0) state[MPU_RNR] = value & 7;
        state[this.mpuRegion()] = value & ~0xff;
        return true;
      case 0xda0:
        state[this.mpuRegion() + 1] = value;
        return true;
      default:
        return false;
    }
  }

  private mpuRegion(): number {
    return MPU_REGIONS + 2 * this.state[MPU_RNR]!;
  }

  /** B3.2.4. */
  private readIcsr(): number {
    const { nvic, special } = this.core;
    let value = special[IPSR]! | (nvic.nextException << 12);
    if (nvic.hasPendingInterrupt) value |= 1 << 22;
    if (nvic.isPending(SYSTICK)) value |= 1 << 26;
    if (nvic.isPending(PENDSV)) value |= 1 << 28;
    if (nvic.isPending(NMI)) value |= 1 << 31;
    return value >>> 0;
  }

  private writeIcsr(value: number): void {
    const nvic = this.core.nvic;
    if ((value & (1 << 25)) !== 0) nvic.unpend(SYSTICK);
    if ((value & (1 << 26)) !== 0) nvic.pend(SYSTICK);
    if ((value & (1 << 27)) !== 0) nvic.unpend(PENDSV);
    if ((value & (1 << 28)) !== 0) nvic.pend(PENDSV);
    if ((value & (1 << 31)) !== 0) nvic.pend(NMI);
  }
}

const MPU_NAMES: Partial<Record<number, string>> = { 0xed94: "MPU_CTRL" };

function registerName(offset: number): string {
  return `PPB ${MPU_NAMES[offset] ?? `0x${(0xe0000000 + offset).toString(16)}`}`;
}
