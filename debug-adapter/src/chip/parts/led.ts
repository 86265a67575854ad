import type { Board, Part, PartDisplay } from "./part";

/** An LED with its resistor, from a pin to ground, or from 3V3 to a pin (lit while the pin is low). */
export class Led implements Part {
  readonly state: { isLit: boolean; timesLit: number };

  constructor(
    readonly name: string,
    board: Board,
    wiring: { readonly pin: number; readonly to: "gnd" | "3v3" },
  ) {
    const isActiveLow = wiring.to === "3v3";
    const net = board.net(wiring.pin);
    this.state = { isLit: net.isHigh !== isActiveLow, timesLit: 0 };
    net.listen((isHigh) => {
      this.state.isLit = isHigh !== isActiveLow;
      if (this.state.isLit) this.state.timesLit++;
    });
  }

  get isLit(): boolean {
    return this.state.isLit;
  }

  shows(): PartDisplay {
    return { kind: "led", ...this.state };
  }
}
