import type { Board, Part } from "./part";
import { Led } from "./led";
import { Button } from "./button";
import { UartTerminal } from "./uart-terminal";

/** A part and how it is wired. */
export type PartSpec =
  | { readonly kind: "led"; readonly name: string; readonly pin: number; readonly isActiveLow: boolean }
  | { readonly kind: "button"; readonly name: string; readonly pin: number; readonly to: "gnd" | "3v3" }
  | { readonly kind: "uart"; readonly name: string; readonly uart: 0 | 1 };

/** Makes the parts of a board. */
export function buildParts(specs: readonly PartSpec[], board: Board): Part[] {
  return specs.map((spec) => {
    switch (spec.kind) {
      case "led":
        return new Led(spec.name, board, spec);
      case "button":
        return new Button(spec.name, board, spec);
      case "uart":
        return new UartTerminal(spec.name, board, spec);
    }
  });
}
