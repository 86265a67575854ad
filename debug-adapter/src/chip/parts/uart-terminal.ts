import type { Board, Part, PartDisplay } from "./part";

/** The text that is kept at least; what came before is forgotten now and then. */
const KEPT_CHARACTERS = 65_536;

/** A terminal at the far end of a UART: shows what the chip sends. What is typed is an input of the line itself. */
export class UartTerminal implements Part {
  readonly state = { text: "", sent: 0 };

  constructor(
    readonly name: string,
    board: Board,
    wiring: { readonly uart: 0 | 1 },
  ) {
    board.serialLine(wiring.uart).onSent((byte) => {
      const text = this.state.text + String.fromCharCode(byte);
      // Cut rarely: each time copies all that is kept.
      this.state.text = text.length > 2 * KEPT_CHARACTERS ? text.slice(-KEPT_CHARACTERS) : text;
      this.state.sent++;
    });
  }

  /** What the chip has sent, one character a byte. */
  get text(): string {
    return this.state.text;
  }

  shows(): PartDisplay {
    const { sent, text } = this.state;
    return { kind: "uart", sent, text };
  }
}
