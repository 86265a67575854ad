import { Drive, type NetDriver, type Wire } from "../net";

/** What a device on an I2C bus does with the bytes. */
export interface I2cDevice {
  readonly address: number;
  /** The controller has addressed the device. */
  begin(isRead: boolean): void;
  /** A byte from the controller; returns whether it is acknowledged. */
  write(byte: number): boolean;
  /** The next byte for the controller. */
  read(): number;
}

type Phase = "idle" | "address" | "write" | "read";
const ACK_BIT = 8;

/**
 * The wire side of an I2C device (UM10204 3.1): follows SDA and SCL, acknowledges its address, and passes bytes on.
 * It never stretches the clock.
 */
export class I2cTarget {
  readonly state = {
    phase: "idle" as Phase,
    bit: 0,
    shift: 0,
    outgoing: 0,
    isRead: false,
    isAcknowledged: false,
  };
  private readonly sdaDriver: Pick<NetDriver, "set">;

  constructor(
    name: string,
    private readonly sda: Wire,
    private readonly scl: Wire,
    private readonly device: I2cDevice,
  ) {
    this.sdaDriver = sda.addDriver(name);
    sda.listen((isHigh) => this.dataChanged(isHigh));
    scl.listen((isHigh) => (isHigh ? this.clockRose() : this.clockFell()));
  }

  /** SDA moving while SCL is high: START or STOP, whatever was going on. */
  private dataChanged(isHigh: boolean): void {
    if (!this.scl.isHigh) return;
    this.enter(isHigh ? "idle" : "address");
    this.drive(true);
  }

  private enter(phase: Phase): void {
    this.state.phase = phase;
    this.state.bit = 0;
    this.state.shift = 0;
  }

  private clockRose(): void {
    const { state } = this;
    if (state.phase === "idle") return;
    if (state.bit < ACK_BIT) state.shift = ((state.shift << 1) | Number(this.sda.isHigh)) & 0xff;
    else state.isAcknowledged = !this.sda.isHigh;
    state.bit++;
  }

  private clockFell(): void {
    const { state } = this;
    switch (state.phase) {
      case "idle":
        return;
      case "address":
        this.addressClockFell();
        return;
      case "write":
        if (state.bit === ACK_BIT) this.drive(!this.device.write(state.shift));
        else if (state.bit > ACK_BIT) this.receiveByte();
        return;
      case "read":
        if (state.bit === ACK_BIT) this.drive(true);
        else if (state.bit > ACK_BIT) this.continueReading();
        else this.sendBit();
    }
  }

  private addressClockFell(): void {
    const { state } = this;
    if (state.bit === ACK_BIT) {
      state.isRead = (state.shift & 1) !== 0;
      if (state.shift >>> 1 !== this.device.address) {
        this.enter("idle");
        return;
      }
      this.drive(false);
      this.device.begin(state.isRead);
    } else if (state.bit > ACK_BIT) {
      if (state.isRead) this.sendByte();
      else this.receiveByte();
    }
  }

  private receiveByte(): void {
    this.enter("write");
    this.drive(true);
  }

  /** The controller does not acknowledge the last byte that it wants. */
  private continueReading(): void {
    if (this.state.isAcknowledged) this.sendByte();
    else {
      this.enter("idle");
      this.drive(true);
    }
  }

  private sendByte(): void {
    this.enter("read");
    this.state.outgoing = this.device.read() & 0xff;
    this.sendBit();
  }

  private sendBit(): void {
    const { outgoing, bit } = this.state;
    this.drive(((outgoing >>> (7 - bit)) & 1) !== 0);
  }

  private drive(isHigh: boolean): void {
    this.sdaDriver.set(isHigh ? Drive.floating : Drive.low);
  }
}
