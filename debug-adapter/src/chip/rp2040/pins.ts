import { Drive, type Net, type NetDriver } from "../net";
import { signalOfPin } from "./pin-functions";
import type { IoBank0 } from "./peripherals/io-bank0";

/** A pin as it is now. */
export interface PinState {
  readonly isHigh: boolean;
  /** Whether two outputs work against each other. */
  readonly isContended: boolean;
  /** How often the level has changed since power-on. */
  readonly changes: number;
  /** How long it has been high since power-on, in nanoseconds. */
  readonly highFor: number;
  /** What FUNCSEL connects the pin to: `SIO`, `UART0 TX`, `PWM4 A`; `none` for NULL, which is what a reset leaves. */
  readonly signal: string;
  /** Whether the chip drives it now, high or low; else the pin listens at most. */
  readonly isDriven: boolean;
  /** Whether the pad's input buffer is on. */
  readonly isInput: boolean;
  /** The pad's resistor; both together keep the last level (datasheet 2.19.4.2). */
  readonly pull: "none" | "up" | "down" | "keep";
  /** What a wire from outside holds it at. */
  readonly probe: "none" | "high" | "low";
}

const PULLS = {
  [Drive.floating]: "none",
  [Drive.pullUp]: "up",
  [Drive.pullDown]: "down",
  [Drive.keep]: "keep",
} as const;

/** The chip's pins as seen from outside. */
export class Pins {
  private readonly probes: readonly NetDriver[];

  constructor(
    private readonly nets: readonly Net[],
    private readonly io: IoBank0,
  ) {
    this.probes = nets.map((net) => net.addDriver("probe"));
  }

  /** The level of a pin's net. */
  level(pin: number): boolean {
    return this.nets[pin]!.isHigh;
  }

  /** What the chip itself does to the pin. */
  drive(pin: number): Drive {
    return this.io.driveOf(pin);
  }

  /** FUNCSEL of a pin: which block it belongs to (pin-functions.ts). */
  functionOf(pin: number): number {
    return this.io.functionOf(pin);
  }

  /** All that is to be seen of a pin from outside. */
  stateOf(pin: number): PinState {
    const { isHigh, isContended, changes, highFor } = this.nets[pin]!;
    const probe = this.probes[pin]!.drive;
    return {
      isHigh,
      isContended,
      changes,
      highFor,
      signal: signalOfPin(pin, this.functionOf(pin)),
      isDriven: this.drive(pin) === Drive.high || this.drive(pin) === Drive.low,
      isInput: this.io.isInputEnabled(pin),
      pull: PULLS[this.io.pullOf(pin)],
      probe: probe === Drive.high ? "high" : probe === Drive.low ? "low" : "none",
    };
  }

  /** Holds a pin's net at a level from outside, as with a wire; `Drive.floating` takes the wire away. */
  setProbe(pin: number, drive: Drive): void {
    this.probes[pin]!.set(drive);
  }
}
