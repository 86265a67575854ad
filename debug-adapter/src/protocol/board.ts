/** What is asked of the board; answered while the firmware runs as well. */
export interface BoardArguments {
  /** For each terminal by its name: how many characters of it are known. Without, all that is kept is told. */
  readonly terminals?: readonly { readonly part: string; readonly known: number }[];
  /** Whether to tell `launch`. */
  readonly withLaunch?: boolean;
}

/** The board at one instant of virtual time. */
export interface BoardBody {
  readonly time: number;
  /** GPIO0 to GPIO29. */
  readonly pins: readonly BoardPin[];
  readonly parts: readonly BoardPart[];
  /** How many inputs the run has had so far. */
  readonly inputs: number;
  /** What a launch configuration has to say so that the run is the same, inputs by hand included; null if not asked for. */
  readonly launch: { readonly parts: readonly string[]; readonly stimuli: readonly string[] } | null;
}

export interface BoardPin {
  readonly isHigh: boolean;
  /** Whether two outputs work against each other. */
  readonly isContended: boolean;
  /** How often the level has changed, and how long it has been high, in nanoseconds, since power-on. */
  readonly changes: number;
  readonly highFor: number;
  /** What FUNCSEL connects the pin to, in the datasheet's words: `SIO`, `UART0 TX`; `none` after a reset. */
  readonly signal: string;
  /** Whether the chip drives it; else it listens at most. */
  readonly isDriven: boolean;
  /** Whether the pad's input buffer is on. */
  readonly isInput: boolean;
  readonly pull: "none" | "up" | "down" | "keep";
  /** What a wire from outside holds it at. */
  readonly probe: "none" | "high" | "low";
}

export interface BoardPart {
  readonly name: string;
  /** As a launch configuration writes it. */
  readonly text: string;
  /** The pins that it is wired to, by the names they have on the part. */
  readonly pins: readonly { readonly role: string; readonly pin: number }[];
  readonly display: BoardDisplay;
}

/** What a person sees of a part. */
export type BoardDisplay =
  /** `litLevel` is the level of its pin at which it is lit. */
  | {
      readonly kind: "led";
      readonly isLit: boolean;
      readonly timesLit: number;
      readonly litLevel: "high" | "low";
    }
  | { readonly kind: "button"; readonly isPressed: boolean }
  /** `segments` of four digits: bits 0 to 6 are A to G, bit 7 the point or colon; `brightness` is 0 to 7. */
  | {
      readonly kind: "tm1637";
      readonly text: string;
      readonly segments: readonly number[];
      readonly isOn: boolean;
      readonly brightness: number;
    }
  | { readonly kind: "tmp102"; readonly celsius: number; readonly address: number }
  /** The characters from number `from` on, one character a byte; `sent` is the number behind the last. */
  | {
      readonly kind: "uart";
      readonly uart: 0 | 1;
      readonly text: string;
      readonly from: number;
      readonly sent: number;
    };

/** Something done to the board by hand. What of the members is needed depends on `kind`. */
export interface InputArguments {
  readonly kind: InputKind;
  /** For `press` and `release`: the pin that the button is wired to. */
  readonly pin?: number;
  /** For `type`: which UART, and the text, which is sent as UTF-8. */
  readonly uart?: number;
  readonly text?: string;
  /** For `temperature` and `unwire` the name of a part; for `wire` a part as a launch configuration writes it. */
  readonly part?: string;
  /** For `temperature`: in thousandths of a degree Celsius. */
  readonly millicelsius?: number;
}

export const INPUT_KINDS = ["press", "release", "type", "temperature", "wire", "unwire"] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

export interface InputBody {
  /** The instant at which it happens. */
  readonly time: number;
  /**
   * Whether the firmware stands still because its core was asleep for good, with nothing to come. Now something has come:
   * it sees it when it is continued, and does not stop for that reason again.
   */
  readonly isAsleep: boolean;
}
