import { Button } from "./button";
import { Led } from "./led";
import type { Board, Part } from "./part";
import type { PartSpec } from "./part-spec";
import { Tm1637 } from "./tm1637";
import { Tmp102 } from "./tmp102";
import { UartTerminal } from "./uart-terminal";

/** Makes a part, wired to a board. */
export function buildPart(spec: PartSpec, board: Board): Part {
  switch (spec.kind) {
    case "led":
      return new Led(spec.name, board, spec);
    case "button":
      return new Button(spec.name, board, spec);
    case "tm1637":
      return new Tm1637(spec.name, board, spec);
    case "tmp102":
      return new Tmp102(spec.name, board, spec);
    case "uart":
      return new UartTerminal(spec.name, board, spec);
  }
}
