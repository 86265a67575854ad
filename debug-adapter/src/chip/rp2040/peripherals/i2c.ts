import type { InterruptInput, Peripheral } from "../../peripheral";
import { restoreState } from "../../plain-state";
import type { Scheduler } from "../../scheduler";
import { Interrupt } from "../interrupts";
import { I2cBus } from "./i2c-bus";
import * as reg from "./i2c-registers";
import type { IoBank0 } from "./io-bank0";

/** Depth of both FIFOs on the RP2040 (datasheet 4.3.1.1). */
const FIFO_DEPTH = 16;
const COMMAND_BITS = 0x7ff;
/** Causes that are levels of the FIFOs, not latched. */
const LEVELS = reg.TX_EMPTY | reg.RX_FULL;
const TX_EMPTY_CTRL = 1 << 8;

/** Registers that only remember what is written: name, reset value, writable bits. */
const PLAIN: Readonly<Record<number, readonly [name: string, reset: number, writable: number]>> = {
  [reg.CON]: ["IC_CON", 0x65, 0x3ff],
  [reg.TAR]: ["IC_TAR", 0x55, 0xfff],
  [reg.SAR]: ["IC_SAR", 0x55, 0x3ff],
  [reg.SS_SCL_HCNT]: ["IC_SS_SCL_HCNT", 0x28, 0xffff],
  [reg.SS_SCL_LCNT]: ["IC_SS_SCL_LCNT", 0x2f, 0xffff],
  [reg.FS_SCL_HCNT]: ["IC_FS_SCL_HCNT", 0x06, 0xffff],
  [reg.FS_SCL_LCNT]: ["IC_FS_SCL_LCNT", 0x0d, 0xffff],
  [reg.INTR_MASK]: ["IC_INTR_MASK", 0x8ff, 0x1fff],
  [reg.RX_TL]: ["IC_RX_TL", 0, 0xff],
  [reg.TX_TL]: ["IC_TX_TL", 0, 0xff],
  [reg.SDA_HOLD]: ["IC_SDA_HOLD", 1, 0xff_ffff],
  [0x84]: ["IC_SLV_DATA_NACK_ONLY", 0, 1],
  [reg.DMA_CR]: ["IC_DMA_CR", 0, 3],
  [0x8c]: ["IC_DMA_TDLR", 0, 0xf],
  [0x90]: ["IC_DMA_RDLR", 0, 0xf],
  [0x94]: ["IC_SDA_SETUP", 0x64, 0xff],
  [0x98]: ["IC_ACK_GENERAL_CALL", 1, 1],
  [0xa0]: ["IC_FS_SPKLEN", 7, 0xff],
  [0xf4]: ["IC_COMP_PARAM_1", 0, 0],
  [0xf8]: ["IC_COMP_VERSION", 0x3230_312a, 0],
  [0xfc]: ["IC_COMP_TYPE", 0x4457_0140, 0],
};

const NAMES: Readonly<Record<number, string>> = {
  ...Object.fromEntries(Object.entries(PLAIN).map(([offset, [name]]) => [offset, name])),
  [reg.DATA_CMD]: "IC_DATA_CMD",
  [reg.INTR_STAT]: "IC_INTR_STAT",
  [reg.RAW_INTR_STAT]: "IC_RAW_INTR_STAT",
  [reg.CLR_INTR]: "IC_CLR_INTR",
  [reg.CLR_RX_UNDER]: "IC_CLR_RX_UNDER",
  [reg.CLR_RX_OVER]: "IC_CLR_RX_OVER",
  [reg.CLR_TX_OVER]: "IC_CLR_TX_OVER",
  [reg.CLR_RD_REQ]: "IC_CLR_RD_REQ",
  [reg.CLR_TX_ABRT]: "IC_CLR_TX_ABRT",
  [reg.CLR_RX_DONE]: "IC_CLR_RX_DONE",
  [reg.CLR_ACTIVITY]: "IC_CLR_ACTIVITY",
  [reg.CLR_STOP_DET]: "IC_CLR_STOP_DET",
  [reg.CLR_START_DET]: "IC_CLR_START_DET",
  [reg.CLR_GEN_CALL]: "IC_CLR_GEN_CALL",
  [reg.ENABLE]: "IC_ENABLE",
  [reg.STATUS]: "IC_STATUS",
  [reg.TXFLR]: "IC_TXFLR",
  [reg.RXFLR]: "IC_RXFLR",
  [reg.TX_ABRT_SOURCE]: "IC_TX_ABRT_SOURCE",
  [reg.ENABLE_STATUS]: "IC_ENABLE_STATUS",
  [reg.CLR_RESTART_DET]: "IC_CLR_RESTART_DET",
};

/** Registers of the target role and of 10-bit addresses, which are not emulated. */
const NOT_EMULATED = [reg.SAR, 0x84, 0x98];
/** The words up to IC_COMP_TYPE. */
const WORDS = 64;

function resetState() {
  const plain = new Uint32Array(WORDS);
  for (const [offset, [, value]] of Object.entries(PLAIN)) plain[Number(offset) >> 2] = value;
  return {
    plain,
    enable: 0,
    /** Latched causes; TX_EMPTY and RX_FULL are worked out from the FIFOs. */
    latched: 0,
    abortSource: 0,
    txFifo: [] as number[],
    rxFifo: [] as number[],
  };
}

/**
 * I2C0 and I2C1 (datasheet 4.3), Synopsys' DW_apb_i2c, as controller with 7-bit addresses. What is on the wires is
 * the work of `I2cBus`; here are the registers, the FIFOs and the interrupt.
 */
export class I2c implements Peripheral {
  readonly name: "I2C0" | "I2C1";
  readonly baseAddress: number;
  readonly size = 0x100;
  readonly state: ReturnType<typeof resetState> & { bus: I2cBus["state"] };
  private readonly bus: I2cBus;
  private readonly interruptLine: number;

  constructor(
    index: 0 | 1,
    scheduler: Scheduler,
    private readonly interrupts: InterruptInput,
    io: IoBank0,
    systemHz: () => number,
    private readonly onDataRequest: () => void,
  ) {
    this.name = `I2C${index}`;
    this.baseAddress = index === 0 ? 0x4004_4000 : 0x4004_8000;
    this.interruptLine = index === 0 ? Interrupt.I2C0_IRQ : Interrupt.I2C1_IRQ;
    this.bus = new I2cBus(index, scheduler, io, {
      halfPeriod: (isHigh) => this.halfPeriod(isHigh, systemHz()),
      targetAddress: () => this.plain(reg.TAR) & 0x7f,
      mayRestart: () => (this.plain(reg.CON) & reg.CON_RESTART_EN) !== 0,
      nextCommand: () => this.state.txFifo[0],
      takeCommand: () => {
        this.state.txFifo.shift();
        this.updateInterrupt();
      },
      received: (byte) => this.receive(byte),
      noticed: (causes) => this.latch(causes),
      aborted: (source) => this.abort(source),
      becameIdle: () => this.becomeIdle(),
    });
    this.state = { ...resetState(), bus: this.bus.state };
  }

  /** Whether a DMA channel may write IC_DATA_CMD, or read it (4.3.11). */
  get wantsTransmitData(): boolean {
    return (this.plain(reg.DMA_CR) & reg.TDMAE) !== 0 && this.state.txFifo.length < FIFO_DEPTH;
  }

  get hasReceivedData(): boolean {
    return (this.plain(reg.DMA_CR) & reg.RDMAE) !== 0 && this.state.rxFifo.length > 0;
  }

  read(offset: number): number {
    const { state } = this;
    if (offset === reg.DATA_CMD) {
      if (state.rxFifo.length === 0) this.latch(reg.RX_UNDER);
      const byte = state.rxFifo.shift() ?? 0;
      this.updateInterrupt();
      return byte;
    }
    const value = this.peek(offset);
    const clears = reg.CLEARS[offset];
    if (clears !== undefined) {
      state.latched &= ~clears;
      if ((clears & reg.TX_ABRT) !== 0) state.abortSource = 0;
      this.updateInterrupt();
    }
    return value;
  }

  peek(offset: number): number {
    const { state } = this;
    switch (offset) {
      case reg.DATA_CMD:
        return state.rxFifo[0] ?? 0;
      case reg.RAW_INTR_STAT:
        return this.rawCauses();
      case reg.INTR_STAT:
        return this.rawCauses() & this.plain(reg.INTR_MASK);
      case reg.ENABLE:
        return state.enable;
      case reg.ENABLE_STATUS:
        return (state.enable & 1) | (this.bus.isIdle ? 0 : 1);
      case reg.STATUS:
        return this.status();
      case reg.TXFLR:
        return state.txFifo.length;
      case reg.RXFLR:
        return state.rxFifo.length;
      case reg.TX_ABRT_SOURCE:
        return state.abortSource >>> 0;
      default:
        // The clear-on-read registers show whether there is anything to clear.
        return offset in reg.CLEARS
          ? Number((state.latched & reg.CLEARS[offset]!) !== 0)
          : this.plain(offset);
    }
  }

  write(offset: number, value: number): void {
    if (offset === reg.DATA_CMD) this.pushCommand(value & COMMAND_BITS);
    else if (offset === reg.ENABLE) this.writeEnable(value & 7);
    else {
      const writable = PLAIN[offset]?.[2] ?? 0;
      const { plain } = this.state;
      plain[offset >> 2] = (plain[offset >> 2]! & ~writable) | (value & writable);
      this.updateInterrupt();
    }
  }

  reset(): void {
    this.bus.reset();
    restoreState(this.state, { ...resetState(), bus: this.bus.state });
    this.updateInterrupt();
  }

  registerName(offset: number): string | undefined {
    return NAMES[offset];
  }

  isEmulated(offset: number): boolean {
    return offset in NAMES && !NOT_EMULATED.includes(offset);
  }

  private plain(offset: number): number {
    return this.state.plain[offset >> 2] ?? 0;
  }

  /** Times of SCL in nanoseconds (4.3.14.1): the filter's length is part of the high time. */
  private halfPeriod(isHigh: boolean, hz: number): number {
    const isStandard = ((this.plain(reg.CON) >>> 1) & 3) === 1;
    const high = this.plain(isStandard ? reg.SS_SCL_HCNT : reg.FS_SCL_HCNT) + this.plain(0xa0) + 7;
    const low = this.plain(isStandard ? reg.SS_SCL_LCNT : reg.FS_SCL_LCNT) + 1;
    return Math.ceil(((isHigh ? high : low) * 1e9) / hz);
  }

  private isEnabled(): boolean {
    return (this.state.enable & 1) !== 0;
  }

  private pushCommand(command: number): void {
    const { state } = this;
    // After an abort the FIFO stays flushed until IC_CLR_TX_ABRT is read (4.3.17, IC_TX_ABRT_SOURCE).
    if (!this.isEnabled() || (state.latched & reg.TX_ABRT) !== 0) return;
    if (state.txFifo.length >= FIFO_DEPTH) {
      this.latch(reg.TX_OVER);
      return;
    }
    state.txFifo.push(command);
    this.updateInterrupt();
    this.bus.proceed();
  }

  private writeEnable(value: number): void {
    const { state } = this;
    const wasEnabled = this.isEnabled();
    state.enable = value;
    if ((value & 2) !== 0 && this.bus.isIdle) state.enable &= ~2;
    else if ((value & 2) !== 0) this.bus.requestAbort();
    if (wasEnabled && !this.isEnabled()) {
      state.txFifo.length = 0;
      state.rxFifo.length = 0;
      if (this.bus.isIdle) this.becomeIdle();
      else this.bus.requestStop();
    }
    this.updateInterrupt();
  }

  private receive(byte: number): void {
    const { state } = this;
    if (!this.isEnabled()) return;
    if (state.rxFifo.length >= FIFO_DEPTH) this.latch(reg.RX_OVER);
    else state.rxFifo.push(byte);
    this.updateInterrupt();
  }

  private abort(source: number): void {
    const { state } = this;
    state.abortSource = source | (state.txFifo.length << reg.TX_FLUSH_CNT_SHIFT);
    state.enable &= ~2;
    state.txFifo.length = 0;
    state.rxFifo.length = 0;
    this.latch(reg.TX_ABRT);
  }

  /** Status bits live on until a disabled block has become idle (4.3.10.3). */
  private becomeIdle(): void {
    if (!this.isEnabled()) this.state.latched = 0;
    this.updateInterrupt();
  }

  private latch(causes: number): void {
    this.state.latched |= causes;
    this.updateInterrupt();
  }

  private rawCauses(): number {
    const { state } = this;
    const isShifting = (this.plain(reg.CON) & TX_EMPTY_CTRL) !== 0 && this.bus.isTransferring;
    const isTxEmpty = this.isEnabled() && state.txFifo.length <= this.plain(reg.TX_TL) && !isShifting;
    const isRxFull = state.rxFifo.length > this.plain(reg.RX_TL);
    return (state.latched & ~LEVELS) | (isTxEmpty ? reg.TX_EMPTY : 0) | (isRxFull ? reg.RX_FULL : 0);
  }

  private status(): number {
    const { state } = this;
    return (
      (this.bus.isIdle ? 0 : reg.STATUS_ACTIVITY | reg.STATUS_MST_ACTIVITY) |
      (state.txFifo.length < FIFO_DEPTH ? reg.STATUS_TFNF : 0) |
      (state.txFifo.length === 0 ? reg.STATUS_TFE : 0) |
      (state.rxFifo.length > 0 ? reg.STATUS_RFNE : 0) |
      (state.rxFifo.length >= FIFO_DEPTH ? reg.STATUS_RFF : 0)
    );
  }

  private updateInterrupt(): void {
    const isPending = (this.rawCauses() & this.plain(reg.INTR_MASK)) !== 0;
    this.interrupts.setLevel(this.interruptLine, isPending);
    if (this.plain(reg.DMA_CR) !== 0) this.onDataRequest();
  }
}
