import type { MachineHooks } from "../machine-hooks";
import type { Net } from "../net";
import type { PlainState } from "../plain-state";
import type { Scheduler } from "../scheduler";

/** Something wired to the chip's pins: it drives nets and listens to them, in the chip's own virtual time. */
export interface Part {
  /** What the user calls it, unique on a board: `tm1637`, or `button15`. */
  readonly name: string;
  /** All that it remembers. */
  readonly state: PlainState;
}

/** One end of a serial line that ends at a UART of the chip. */
export interface SerialLine {
  /** Calls `listener` for each character that the chip sends. */
  onSent(listener: (byte: number) => void): void;
  /** Sends characters to the chip, one behind the other, at its own speed. */
  feed(characters: Iterable<number>): void;
  /** Bits per second at which the chip sends and receives; 0 while it is not set up. */
  readonly baudRate: number;
}

/** What parts are wired to. */
export interface Board {
  readonly scheduler: Scheduler;
  /** The net of a GPIO pin. */
  net(pin: number): Net;
  /** The line whose end at the chip is UART `index`. */
  serialLine(index: 0 | 1): SerialLine;
  readonly hooks: BoardHooks;
}

/** What a board tells its observer beside what the machine does. */
export interface BoardHooks extends MachineHooks {
  /** Wiring or timing that real hardware would not stand: two outputs against each other, a clock that is too fast. */
  onFault?: (source: string, what: string) => void;
}
