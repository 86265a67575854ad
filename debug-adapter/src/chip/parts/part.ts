import type { MachineHooks } from "../machine-hooks";
import type { Connection, Wire } from "../net";
import type { PlainState } from "../plain-state";
import type { Scheduler } from "../scheduler";

/**
 * Something wired to the chip's pins: it drives nets and listens to them, in the chip's own virtual time. It is made
 * with a `Board`, from which it takes all that it needs; the `Breadboard` takes that back when the part is taken off.
 */
export interface Part {
  /** What the user calls it, unique on a board: `tm1637`, or `button15`. */
  readonly name: string;
  /** All that it remembers. */
  readonly state: PlainState;
  /** What a person sees of it now. */
  shows(): PartDisplay;
}

/** What a person sees of a part. */
export type PartDisplay =
  | { readonly kind: "led"; readonly isLit: boolean; readonly timesLit: number }
  | { readonly kind: "button"; readonly isPressed: boolean }
  /** `segments`: bits A to G and the point, a digit each (seven-segment.ts); `brightness` is 0 to 7. */
  | {
      readonly kind: "tm1637";
      readonly text: string;
      readonly segments: readonly number[];
      readonly isOn: boolean;
      readonly brightness: number;
    }
  | { readonly kind: "tmp102"; readonly celsius: number }
  /** `sent` counts all characters that the chip has sent, `text` is the end of them; one character a byte. */
  | { readonly kind: "uart"; readonly sent: number; readonly text: string };

/** One end of a serial line that ends at a UART of the chip. */
export interface SerialLine {
  /** Calls `listener` for each character that the chip sends. */
  onSent(listener: (byte: number) => void): Connection;
  /** Sends characters to the chip, one behind the other, at its own speed. */
  feed(characters: Iterable<number>): void;
  /** Bits per second at which the chip sends and receives; 0 while it is not set up. */
  readonly baudRate: number;
}

/** What parts are wired to. */
export interface Board {
  readonly scheduler: Pick<Scheduler, "now" | "addEvent">;
  /** The net of a GPIO pin. */
  net(pin: number): Wire;
  /** The line whose end at the chip is UART `index`. */
  serialLine(index: 0 | 1): SerialLine;
  readonly hooks: BoardHooks;
}

/** What a board tells its observer beside what the machine does. */
export interface BoardHooks extends MachineHooks {
  /** Wiring or timing that real hardware would not stand: two outputs against each other, a clock that is too fast. */
  onFault?: (source: string, what: string) => void;
}
