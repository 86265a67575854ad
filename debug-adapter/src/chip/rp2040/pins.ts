import type { Drive } from "../net";
import { type Net, type NetDriver } from "../net";
import type { IoBank0 } from "./peripherals/io-bank0";

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

  /** Holds a pin's net at a level from outside, as with a wire; `Drive.floating` takes the wire away. */
  setProbe(pin: number, drive: Drive): void {
    this.probes[pin]!.set(drive);
  }
}
