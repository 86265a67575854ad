import type { Nanoseconds } from "../../../base/brand";
import { restoreState } from "../../plain-state";
import type { Scheduler, TimedEvent } from "../../scheduler";
import { i2cPins, PinFunction, type I2cSignal } from "../pin-functions";
import * as reg from "./i2c-registers";
import type { IoBank0 } from "./io-bank0";

/** What the state machine on the wires asks and tells the block it belongs to. */
export interface I2cBusOwner {
  /** How long SCL is high, or low, in nanoseconds. */
  readonly halfPeriod: (isHigh: boolean) => number;
  readonly targetAddress: () => number;
  readonly mayRestart: () => boolean;
  /** The command at the head of the transmit FIFO: IC_DATA_CMD bits. */
  readonly nextCommand: () => number | undefined;
  readonly takeCommand: () => void;
  /** A byte has come in, with FIRST_DATA_BYTE set on the first one after an address. */
  readonly received: (byte: number) => void;
  readonly noticed: (causes: number) => void;
  readonly aborted: (source: number) => void;
  readonly becameIdle: () => void;
}

/**
 * What the controller is waiting for. Each ends with a timed event, `waiting` with a command or a request to stop,
 * `stretched` with SCL rising.
 *
 *     idle -> start -> low -> high -> low ... -> waiting -> low ...
 *                                             -> restart-low -> restart-high -> start
 *                                             -> stop-low -> stop-high -> free -> idle
 */
type Phase =
  | "idle"
  | "start"
  | "low"
  | "high"
  | "waiting"
  | "restart-low"
  | "restart-high"
  | "stop-low"
  | "stop-high"
  | "free";

const ACK_BIT = 8;
const ADDRESS = -1;

function resetState() {
  return {
    phase: "idle" as Phase,
    isStretched: false,
    /** The command being carried out, or ADDRESS while the address is sent. */
    command: ADDRESS,
    isReading: false,
    bit: 0,
    shift: 0,
    isFirstByte: false,
    /** A stop has been asked for: by an abort of this source, or by disabling the block. */
    wantsStop: false,
    abortSource: 0,
    drivesScl: false,
    drivesSda: false,
  };
}

/** The controller's state machine on SDA and SCL (datasheet 4.3.5), bit by bit, with clock stretching. */
export class I2cBus {
  readonly state = resetState();
  private readonly event: TimedEvent;
  private readonly sclPins: readonly number[];
  private readonly sdaPins: readonly number[];

  constructor(
    index: 0 | 1,
    private readonly scheduler: Scheduler,
    private readonly io: IoBank0,
    private readonly owner: I2cBusOwner,
  ) {
    this.sclPins = i2cPins(index, "SCL");
    this.sdaPins = i2cPins(index, "SDA");
    this.event = scheduler.addEvent(`I2C${index} bus`, () => this.step());
    for (const pin of [...this.sclPins, ...this.sdaPins]) io.onInput(pin, () => this.inputChanged());
  }

  get isIdle(): boolean {
    return this.state.phase === "idle";
  }

  /** Whether a byte is on its way. */
  get isTransferring(): boolean {
    return this.state.phase !== "idle" && this.state.phase !== "waiting";
  }

  /** There is a command: start, or go on where the last one ended. */
  proceed(): void {
    if (this.state.phase === "idle") this.tryStart();
    else if (this.state.phase === "waiting") this.nextByte();
  }

  /** Ends the transfer with a STOP after the byte on its way. */
  requestStop(): void {
    this.state.wantsStop = true;
    if (this.state.phase === "waiting") this.beginStop();
  }

  requestAbort(): void {
    this.state.abortSource |= reg.ABRT_USER_ABRT;
    this.requestStop();
  }

  reset(): void {
    restoreState(this.state, resetState());
    this.event.cancel();
    this.driveScl(false);
    this.driveSda(false);
  }

  private step(): void {
    const { state } = this;
    switch (state.phase) {
      case "start":
        this.driveScl(true);
        this.loadAddress();
        return;
      case "low":
        this.releaseScl("high");
        return;
      case "high":
        this.endOfBit();
        return;
      case "restart-low":
        this.releaseScl("restart-high");
        return;
      case "restart-high":
        this.owner.noticed(reg.RESTART_DET);
        this.beginStart();
        return;
      case "stop-low":
        this.releaseScl("stop-high");
        return;
      case "stop-high":
        this.driveSda(false);
        this.enter("free", false);
        this.owner.noticed(reg.STOP_DET);
        return;
      case "free":
        this.becomeIdle();
        return;
      case "idle":
      case "waiting":
    }
  }

  private enter(phase: Phase, isHigh: boolean): void {
    this.state.phase = phase;
    this.event.schedule((this.scheduler.now + this.owner.halfPeriod(isHigh)) as Nanoseconds);
  }

  private tryStart(): void {
    // Someone else may hold the bus; `inputChanged` tries again.
    if (this.owner.nextCommand() !== undefined && this.scl && this.sda) this.beginStart();
  }

  private beginStart(): void {
    this.driveSda(true);
    this.owner.noticed(reg.START_DET | reg.ACTIVITY);
    this.enter("start", true);
  }

  private loadAddress(): void {
    const { state } = this;
    state.isReading = ((this.owner.nextCommand() ?? 0) & reg.CMD_READ) !== 0;
    state.command = ADDRESS;
    this.beginByte((this.owner.targetAddress() << 1) | Number(state.isReading));
  }

  private beginByte(byte: number): void {
    this.state.shift = byte;
    this.state.bit = 0;
    this.driveBit();
    this.enter("low", false);
  }

  /** SDA for the bit at hand: the controller sends address and data, and acknowledges what it reads. */
  private driveBit(): void {
    const { state } = this;
    const isInput = state.command !== ADDRESS && state.isReading;
    if (state.bit < ACK_BIT) this.driveSda(!isInput && ((state.shift >>> (7 - state.bit)) & 1) === 0);
    else this.driveSda(isInput && !this.isLastRead());
  }

  /** The last byte of a read is not acknowledged: a STOP follows, or a RESTART. */
  private isLastRead(): boolean {
    const { state } = this;
    const next = this.owner.nextCommand();
    const isTurning = next !== undefined && ((next & reg.CMD_RESTART) !== 0 || (next & reg.CMD_READ) === 0);
    return (state.command & reg.CMD_STOP) !== 0 || state.wantsStop || isTurning;
  }

  private releaseScl(phase: Phase): void {
    this.driveScl(false);
    if (this.scl) {
      this.enter(phase, true);
      return;
    }
    this.state.phase = phase;
    this.state.isStretched = true;
  }

  private inputChanged(): void {
    const { state } = this;
    if (state.isStretched && this.scl) {
      state.isStretched = false;
      this.enter(state.phase, true);
    } else if (state.phase === "idle") {
      this.tryStart();
    }
  }

  /** SCL has been high for its time: SDA is what it is. */
  private endOfBit(): void {
    const { state } = this;
    const isHigh = this.sda;
    const isInput = state.command !== ADDRESS && state.isReading;
    if (state.bit < ACK_BIT) {
      if (!isInput && isHigh === state.drivesSda) {
        this.loseArbitration();
        return;
      }
      if (isInput) state.shift = ((state.shift << 1) | Number(isHigh)) & 0xff;
    }
    this.driveScl(true);
    if (state.bit < ACK_BIT) {
      state.bit++;
      this.driveBit();
      this.enter("low", false);
    } else {
      this.endOfByte(!isHigh);
    }
  }

  private endOfByte(isAcknowledged: boolean): void {
    const { state } = this;
    this.driveSda(false);
    if (state.command === ADDRESS) {
      state.isFirstByte = true;
      if (!isAcknowledged) state.abortSource |= reg.ABRT_7B_ADDR_NOACK;
    } else if (state.isReading) {
      this.owner.received(state.shift | (state.isFirstByte ? reg.FIRST_DATA_BYTE : 0));
      state.isFirstByte = false;
    } else if (!isAcknowledged) {
      state.abortSource |= reg.ABRT_TXDATA_NOACK;
    }
    const isDone = state.command !== ADDRESS && (state.command & reg.CMD_STOP) !== 0;
    if (state.abortSource !== 0) {
      this.owner.aborted(state.abortSource);
      state.abortSource = 0;
      this.beginStop();
    } else if (isDone || state.wantsStop) {
      this.beginStop();
    } else {
      this.nextByte();
    }
  }

  /** SCL is low and stays so until there is a command. */
  private nextByte(): void {
    const { state } = this;
    const command = this.owner.nextCommand();
    if (command === undefined) {
      state.phase = "waiting";
      return;
    }
    const isAfterAddress = state.command === ADDRESS;
    const isTurning = ((command & reg.CMD_READ) !== 0) !== state.isReading;
    const isRestart = (command & reg.CMD_RESTART) !== 0 || isTurning;
    if (!isAfterAddress && isRestart && this.owner.mayRestart()) {
      this.driveSda(false);
      this.enter("restart-low", false);
      return;
    }
    this.owner.takeCommand();
    state.command = command;
    this.beginByte(command & 0xff);
  }

  private beginStop(): void {
    this.driveSda(true);
    this.enter("stop-low", false);
  }

  private becomeIdle(): void {
    this.state.phase = "idle";
    this.state.wantsStop = false;
    this.owner.becameIdle();
    this.tryStart();
  }

  private loseArbitration(): void {
    this.driveSda(false);
    this.driveScl(false);
    this.state.phase = "idle";
    this.owner.aborted(reg.ARB_LOST);
    this.owner.becameIdle();
  }

  private driveScl(isLow: boolean): void {
    this.state.drivesScl = isLow;
    for (const pin of this.sclPins) this.io.setOutput(pin, PinFunction.I2C, false, isLow);
  }

  private driveSda(isLow: boolean): void {
    this.state.drivesSda = isLow;
    for (const pin of this.sdaPins) this.io.setOutput(pin, PinFunction.I2C, false, isLow);
  }

  private get scl(): boolean {
    return this.level("SCL");
  }

  private get sda(): boolean {
    return this.level("SDA");
  }

  /** The level of a signal; one that no pin carries follows what the controller drives. */
  private level(signal: I2cSignal): boolean {
    const pins = signal === "SCL" ? this.sclPins : this.sdaPins;
    let isRouted = false;
    for (const pin of pins) {
      if (this.io.functionOf(pin) !== PinFunction.I2C) continue;
      if (((this.io.inputs >>> pin) & 1) === 0) return false;
      isRouted = true;
    }
    return isRouted || !(signal === "SCL" ? this.state.drivesScl : this.state.drivesSda);
  }
}
