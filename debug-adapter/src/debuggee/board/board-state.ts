import { formatPartSpec, type PartSpec, pinsOf } from "../../chip/parts/part-spec";
import type { PartDisplay } from "../../chip/parts/part";
import type { PinState } from "../../chip/rp2040/pins";
import type { Debuggee } from "../debuggee";
import { formatStimuli } from "../stimulus";

/** A part on the board: how it is wired, and what a person sees of it. */
export interface PartState {
  readonly name: string;
  readonly text: string;
  readonly pins: readonly { readonly role: string; readonly pin: number }[];
  readonly display: DisplayState;
}

type Shown<Kind extends PartDisplay["kind"]> = Extract<PartDisplay, { kind: Kind }>;

export type DisplayState =
  | (Shown<"led"> & { readonly litLevel: "high" | "low" })
  | Shown<"button">
  | Shown<"tm1637">
  | (Shown<"tmp102"> & { readonly address: number })
  | (Shown<"uart"> & { readonly uart: 0 | 1; readonly from: number });

/** The board of a debuggee at this instant. */
export interface BoardState {
  readonly time: number;
  readonly pins: readonly PinState[];
  readonly parts: readonly PartState[];
  readonly inputs: number;
}

/**
 * What is seen of the board now, also while the firmware runs.
 * @param known how many characters of each terminal are known, by its name
 */
export function boardState({ target }: Debuggee, known: ReadonlyMap<string, number>): BoardState | undefined {
  const { board } = target;
  if (board === undefined) return undefined;
  return {
    time: Math.round(target.now),
    pins: board.pins,
    parts: board.parts.map(({ spec, display }) => ({
      name: spec.name,
      text: formatPartSpec(spec),
      pins: Object.entries(pinsOf(spec)).map(([role, pin]) => ({ role, pin })),
      display: displayState(spec, display, known),
    })),
    inputs: board.inputs.length,
  };
}

/** What a launch configuration has to say so that the run is the same, what was done by hand included. */
export function launchOf({ target, parts }: Debuggee): { parts: string[]; stimuli: string[] } {
  return { parts: parts.map(formatPartSpec), stimuli: formatStimuli(target.board?.inputs ?? []) };
}

function displayState(
  spec: PartSpec,
  display: PartDisplay,
  known: ReadonlyMap<string, number>,
): DisplayState {
  switch (display.kind) {
    case "led":
      return { ...display, litLevel: "to" in spec && spec.to === "3v3" ? "low" : "high" };
    case "tmp102":
      return { ...display, address: "address" in spec ? spec.address : 0 };
    case "uart": {
      const { sent, text } = display;
      const from = Math.max(sent - text.length, Math.min(sent, known.get(spec.name) ?? 0));
      const uart = "uart" in spec ? spec.uart : 0;
      return { ...display, uart, from, text: text.slice(text.length - (sent - from)) };
    }
    default:
      return display;
  }
}
