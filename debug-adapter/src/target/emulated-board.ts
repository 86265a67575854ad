import { type Nanoseconds, nanoseconds } from "../base/brand";
import type { BoardInput, InputAt } from "../chip/parts/board-input";
import type { PartDisplay } from "../chip/parts/part";
import type { PartSpec } from "../chip/parts/part-spec";
import type { PinState } from "../chip/rp2040/pins";
import { PIN_COUNT } from "../chip/rp2040/pin-functions";
import type { Rp2040 } from "../chip/rp2040/rp2040";

/** A part and what is seen of it. */
export interface PartOnBoard {
  readonly spec: PartSpec;
  readonly display: PartDisplay;
}

/**
 * A press is at least this long, in nanoseconds of virtual time. One that is done while the firmware stands still would
 * be over before the firmware could see it.
 */
const SHORTEST_PRESS = 20e6;

/** The board that an emulated chip is on, as a person sees and touches it. */
export class EmulatedBoard {
  constructor(
    private readonly machine: Rp2040,
    private readonly onTouch: () => void,
  ) {}

  /** GPIO0 to GPIO29. */
  get pins(): readonly PinState[] {
    return Array.from({ length: PIN_COUNT }, (_, pin) => this.machine.pins.stateOf(pin));
  }

  get parts(): readonly PartOnBoard[] {
    const { parts, partSpecs } = this.machine;
    return parts.map((part, i) => ({ spec: partSpecs[i]!, display: part.shows() }));
  }

  /** All inputs of the run, those that have happened and those to come: a run that is given them is the same. */
  get inputs(): readonly InputAt[] {
    return this.machine.allInputs;
  }

  /**
   * Does something to the board at this instant of virtual time, also while the firmware stands still.
   * @returns when it happens: now, but for a release that would come too soon
   * @throws UserError if there is nothing on the board that it could act on
   */
  apply(input: BoardInput): Nanoseconds {
    const { machine } = this;
    const at = input.kind === "release" ? this.releaseTime(input.pin) : machine.now;
    if (at > machine.now) machine.schedule(at, input);
    else machine.apply(input);
    this.onTouch();
    return at;
  }

  private releaseTime(pin: number): Nanoseconds {
    const { allInputs, now } = this.machine;
    const press = allInputs.findLast(
      ({ at, input }) => at <= now && input.kind === "press" && input.pin === pin,
    );
    return nanoseconds(Math.max(now, (press?.at ?? -Infinity) + SHORTEST_PRESS));
  }
}
