import { Drive, type NetDriver } from "../net";
import type { Board, Part, PartDisplay } from "./part";

/** A push button between a pin and ground, or a pin and 3V3. It does not bounce; pulls come from the pad. */
export class Button implements Part {
  readonly state = { isPressed: false };
  private readonly driver: Pick<NetDriver, "set">;

  constructor(
    readonly name: string,
    board: Board,
    private readonly wiring: { readonly pin: number; readonly to: "gnd" | "3v3" },
  ) {
    this.driver = board.net(wiring.pin).addDriver(name);
  }

  get pin(): number {
    return this.wiring.pin;
  }

  shows(): PartDisplay {
    return { kind: "button", isPressed: this.state.isPressed };
  }

  press(): void {
    this.state.isPressed = true;
    this.driver.set(this.wiring.to === "gnd" ? Drive.low : Drive.high);
  }

  release(): void {
    this.state.isPressed = false;
    this.driver.set(Drive.floating);
  }
}
