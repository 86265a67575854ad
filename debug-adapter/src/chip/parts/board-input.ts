import { UserError } from "../../base/errors";
import { Drive } from "../net";
import type { Nanoseconds } from "../../base/brand";
import type { Scheduler, TimedEvent } from "../scheduler";
import { Button } from "./button";
import type { Part, SerialLine } from "./part";
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
  | { readonly kind: "probe"; readonly pin: number; readonly level: "low" | "high" | "floating" };

/** What inputs act on. */
export interface InputReceivers {
  readonly parts: readonly Part[];
  readonly serialLine: (uart: 0 | 1) => SerialLine;
  readonly setProbe: (pin: number, drive: Drive) => void;
}

/** Inputs to come, each at its virtual time; those of one instant in the order in which they were given. */
export class InputScript {
  readonly state = { queue: [] as { at: number; input: BoardInput }[] };
  private readonly event: TimedEvent;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly receivers: InputReceivers,
  ) {
    this.event = scheduler.addEvent("inputs", () => this.applyDue());
  }

  /**
   * Adds an input at a time to come.
   * @throws UserError if there is nothing on the board that it could act on
   */
  schedule(at: Nanoseconds, input: BoardInput): void {
    checkInput(input, this.receivers.parts);
    const { queue } = this.state;
    const behind = queue.findIndex((each) => each.at > at);
    queue.splice(behind < 0 ? queue.length : behind, 0, { at, input: { ...input } });
    this.event.schedule(queue[0]!.at as Nanoseconds);
  }

  /**
   * Does an input now.
   * @throws UserError if there is nothing on the board that it could act on
   */
  apply(input: BoardInput): void {
    checkInput(input, this.receivers.parts);
    const { parts } = this.receivers;
    switch (input.kind) {
      case "press":
        buttonAt(parts, input.pin)?.press();
        if (input.holdFor !== undefined) {
          const at = (this.scheduler.now + input.holdFor) as Nanoseconds;
          this.schedule(at, { kind: "release", pin: input.pin });
        }
        return;
      case "release":
        buttonAt(parts, input.pin)?.release();
        return;
      case "type":
        this.receivers
          .serialLine(input.uart)
          .feed(Array.from(input.text, (character) => character.charCodeAt(0) & 0xff));
        return;
      case "temperature":
        sensorCalled(parts, input.part)?.setTemperature(input.celsius);
        return;
      case "probe":
        this.receivers.setProbe(input.pin, Drive[input.level]);
    }
  }

  private applyDue(): void {
    const { queue } = this.state;
    while (queue.length > 0 && queue[0]!.at <= this.scheduler.now) this.apply(queue.shift()!.input);
    if (queue.length > 0) this.event.schedule(queue[0]!.at as Nanoseconds);
  }
}

function checkInput(input: BoardInput, parts: readonly Part[]): void {
  if ((input.kind === "press" || input.kind === "release") && buttonAt(parts, input.pin) === undefined) {
    throw new UserError(`No button is wired to GPIO${input.pin}`, `add the part button:pin=${input.pin}`);
  }
  if (input.kind === "temperature" && sensorCalled(parts, input.part) === undefined) {
    const names = parts.filter((part) => part instanceof Tmp102).map(({ name }) => name);
    const remedy = names.length > 0 ? `use one of ${names.join(", ")}` : "add the part tmp102:sda=4,scl=5";
    throw new UserError(`No temperature sensor is called "${input.part}"`, remedy);
  }
}

function buttonAt(parts: readonly Part[], pin: number): Button | undefined {
  return parts.find((part): part is Button => part instanceof Button && part.pin === pin);
}

function sensorCalled(parts: readonly Part[], name: string): Tmp102 | undefined {
  return parts.find((part): part is Tmp102 => part instanceof Tmp102 && part.name === name);
}
