import type { Board, Part, SerialLine } from "./part";

/** The text that is kept; what came before is forgotten. */
const KEPT_CHARACTERS = 65_536;

/** A terminal at the far end of a UART: shows what the chip sends, and can be typed into. */
export class UartTerminal implements Part {
  readonly state = { text: "" };
  private readonly line: SerialLine;

  constructor(
    readonly name: string,
    board: Board,
    wiring: { readonly uart: 0 | 1 },
  ) {
    this.line = board.serialLine(wiring.uart);
    this.line.onSent((byte) => {
      const text = this.state.text + String.fromCharCode(byte);
      this.state.text = text.length > KEPT_CHARACTERS ? text.slice(-KEPT_CHARACTERS) : text;
    });
  }

  /** What the chip has sent, one character a byte. */
  get text(): string {
    return this.state.text;
  }

  type(text: string): void {
    this.line.feed(Array.from(text, (character) => character.charCodeAt(0) & 0xff));
  }
}
