import type { Nanoseconds } from "../../base/brand";
import { UserError } from "../../base/errors";
import { Drive } from "../net";
import type { Scheduler, TimedEvent } from "../scheduler";
import { type Breadboard, noSuchPart } from "./breadboard";
import { Button } from "./button";
import type { SerialLine } from "./part";
import { checkWiring, type PartSpec } from "./part-spec";
import { Tmp102 } from "./tmp102";

/** Something that happens to a board from outside. */
export type BoardInput =
  /** Presses the button wired to a pin; it is released after `holdFor` nanoseconds, or not at all. */
  | { readonly kind: "press"; readonly pin: number; readonly holdFor?: number }
  | { readonly kind: "release"; readonly pin: number }
  /** Types into the terminal at a UART, or sends it bytes; a character's code is a byte. */
  | { readonly kind: "type"; readonly uart: 0 | 1; readonly text: string }
  /** Warms up or cools down a sensor. */
  | { readonly kind: "temperature"; readonly part: string; readonly celsius: number }
  /** Holds a pin at a level with a wire, or takes the wire away. */
  | { readonly kind: "probe"; readonly pin: number; readonly level: "low" | "high" | "floating" }
  /** Wires a part to the board, as if it were switched on now. */
  | { readonly kind: "wire"; readonly part: PartSpec }
  /** Takes a part off the board. */
  | { readonly kind: "unwire"; readonly part: string };

/** An input and the instant at which it happens. */
export interface InputAt {
  readonly at: Nanoseconds;
  readonly input: BoardInput;
}

/** What inputs act on. */
export interface InputReceivers {
  readonly breadboard: Breadboard;
  readonly serialLine: (uart: 0 | 1) => SerialLine;
  readonly setProbe: (pin: number, drive: Drive) => void;
  /** An input has come to nothing. */
  readonly onFault: (source: string, what: string) => void;
}

/** Inputs to come, each at its virtual time; those of one instant in the order in which they were given. */
export class InputScript {
  /** `done` is what has happened, each press as a press and a release: both together repeat the run. */
  readonly state = {
    queue: [] as { at: Nanoseconds; input: BoardInput }[],
    done: [] as { at: Nanoseconds; input: BoardInput }[],
  };
  private readonly event: TimedEvent;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly receivers: InputReceivers,
  ) {
    this.event = scheduler.addEvent("inputs", () => this.applyDue());
  }

  /** All inputs of the run: those that have happened, then those to come. */
  get all(): readonly InputAt[] {
    return [...this.state.done, ...this.state.queue];
  }

  /**
   * Adds an input at a time to come; one at this instant happens before anything that comes later.
   * @throws UserError if there is nothing on the board, as it will be wired then, that it could act on
   */
  schedule(at: Nanoseconds, input: BoardInput): void {
    checkInput(input, this.partsAt(at));
    this.insert(at, input);
  }

  /** Does the next release of a button, which is to come later, at once. */
  hastenRelease(pin: number): void {
    const { queue } = this.state;
    const index = queue.findIndex(isRelease(pin));
    if (index < 0) return;
    const [entry] = queue.splice(index, 1);
    this.insert(this.scheduler.now, entry!.input);
  }

  private insert(at: Nanoseconds, input: BoardInput): void {
    const { queue } = this.state;
    const behind = queue.findIndex((each) => each.at > at);
    queue.splice(behind < 0 ? queue.length : behind, 0, { at, input: { ...input } });
    this.event.schedule(queue[0]!.at);
  }

  /** The parts that are wired at an instant, as far as is known now. */
  private partsAt(at: Nanoseconds): readonly PartSpec[] {
    let specs = this.receivers.breadboard.specs;
    for (const { at: when, input } of this.state.queue) {
      if (when > at) break;
      if (input.kind === "wire") specs = [...specs, input.part];
      if (input.kind === "unwire") specs = specs.filter(({ name }) => name !== input.part);
    }
    return specs;
  }

  private applyDue(): void {
    const { queue } = this.state;
    while (queue.length > 0 && queue[0]!.at <= this.scheduler.now) this.apply(queue.shift()!.input);
    if (queue.length > 0) this.event.schedule(queue[0]!.at);
  }

  /** What an input acts on may have been taken off since it was scheduled: then nothing happens. */
  private apply(input: BoardInput): void {
    const { breadboard } = this.receivers;
    const { now } = this.scheduler;
    switch (input.kind) {
      case "press":
        this.note({ kind: "press", pin: input.pin });
        this.buttonAt(input.pin)?.press();
        if (input.holdFor !== undefined) {
          this.insert((now + input.holdFor) as Nanoseconds, { kind: "release", pin: input.pin });
        }
        return;
      case "release":
        this.note(input);
        this.buttonAt(input.pin)?.release();
        return;
      case "type":
        this.note(input);
        this.receivers
          .serialLine(input.uart)
          .feed(Array.from(input.text, (character) => character.charCodeAt(0) & 0xff));
        return;
      case "temperature":
        this.note(input);
        this.sensorCalled(input.part)?.setTemperature(input.celsius);
        return;
      case "probe":
        this.note(input);
        this.receivers.setProbe(input.pin, Drive[input.level]);
        return;
      case "wire":
        this.note(input);
        this.attempt(input.part.name, () => breadboard.wire(input.part));
        return;
      case "unwire":
        this.note(input);
        this.attempt(input.part, () => breadboard.unwire(input.part));
    }
  }

  private attempt(source: string, change: () => void): void {
    try {
      change();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.receivers.onFault(source, error.message);
    }
  }

  private note(input: BoardInput): void {
    this.state.done.push({ at: this.scheduler.now, input });
  }

  private buttonAt(pin: number): Button | undefined {
    return this.receivers.breadboard.parts.find(
      (part): part is Button => part instanceof Button && part.pin === pin,
    );
  }

  private sensorCalled(name: string): Tmp102 | undefined {
    return this.receivers.breadboard.parts.find(
      (part): part is Tmp102 => part instanceof Tmp102 && part.name === name,
    );
  }
}

function isRelease(pin: number): (entry: InputAt) => boolean {
  return ({ input }) => input.kind === "release" && input.pin === pin;
}

function checkInput(input: BoardInput, specs: readonly PartSpec[]): void {
  switch (input.kind) {
    case "press":
    case "release":
      if (specs.some((spec) => spec.kind === "button" && spec.pin === input.pin)) return;
      throw new UserError(`No button is wired to GPIO${input.pin}`, `add the part button:pin=${input.pin}`);
    case "temperature": {
      const names = specs.filter(({ kind }) => kind === "tmp102").map(({ name }) => name);
      if (names.includes(input.part)) return;
      const remedy = names.length > 0 ? `use one of ${names.join(", ")}` : "add the part tmp102:sda=4,scl=5";
      throw new UserError(`No temperature sensor is called "${input.part}"`, remedy);
    }
    case "wire":
      checkWiring([...specs, input.part]);
      return;
    case "unwire":
      if (!specs.some(({ name }) => name === input.part)) throw noSuchPart(input.part, specs);
      return;
    case "type":
    case "probe":
  }
}
