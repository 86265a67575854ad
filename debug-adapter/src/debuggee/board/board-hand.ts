import { UserError } from "../../base/errors";
import type { BoardInput } from "../../chip/parts/board-input";
import { parsePartSpec, type PartSpec } from "../../chip/parts/part-spec";
import { PIN_COUNT } from "../../chip/rp2040/pin-functions";
import type { EmulatedBoard } from "../../target/emulated-board";

/** What a person does to the board, before it is known to make sense. */
export type HandInput =
  | { readonly kind: "press" | "release"; readonly pin: number }
  /** Sent as UTF-8. */
  | { readonly kind: "type"; readonly uart: number; readonly text: string }
  | { readonly kind: "temperature"; readonly part: string; readonly millicelsius: number }
  | { readonly kind: "wire"; readonly part: string }
  | { readonly kind: "unwire"; readonly part: string };

/** What a TMP102 is made for (data sheet, "Recommended operating conditions" and extended mode). */
const COLDEST = -55;
const HOTTEST = 150;

/**
 * Does something to the board at this instant.
 * @returns when it happens, in nanoseconds of virtual time
 * @throws UserError that says what cannot be done, and what can
 */
export function touchBoard(board: EmulatedBoard, input: HandInput): number {
  const wired = board.parts.map(({ spec }) => spec);
  return Math.round(board.apply(boardInput(input, wired)));
}

function boardInput(input: HandInput, wired: readonly PartSpec[]): BoardInput {
  switch (input.kind) {
    case "press":
    case "release":
      if (input.pin < PIN_COUNT) return input;
      throw new UserError(`There is no pin ${input.pin}`, `GPIO pins are 0 to ${PIN_COUNT - 1}`);
    case "type": {
      const { uart } = input;
      if (uart !== 0 && uart !== 1)
        throw new UserError(`There is no UART${uart}`, "the chip has UART0 and UART1");
      return { kind: "type", uart, text: String.fromCharCode(...new TextEncoder().encode(input.text)) };
    }
    case "temperature": {
      const celsius = input.millicelsius / 1000;
      if (celsius >= COLDEST && celsius <= HOTTEST) return { kind: "temperature", part: input.part, celsius };
      throw new UserError(
        `The sensor cannot be at ${celsius} degrees Celsius`,
        `it measures from ${COLDEST} to ${HOTTEST}`,
      );
    }
    case "wire":
      return { kind: "wire", part: withNewName(input.part, wired) };
    case "unwire":
      return input;
  }
}

/** Two parts of a kind are told apart by a number, where the text gives no name. */
function withNewName(text: string, wired: readonly PartSpec[]): PartSpec {
  const spec = parsePartSpec(text);
  if (/(?:^|[:,])\s*name\s*=/.test(text)) return spec;
  const names = new Set(wired.map(({ name }) => name));
  let { name } = spec;
  for (let number = 2; names.has(name); number++) name = `${spec.name}-${number}`;
  return { ...spec, name };
}
