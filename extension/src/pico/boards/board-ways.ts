import type { PicobootBy } from "../computer/picoboot-by";
import type { Board } from "./board";

/** How a board can be reached with what is installed, in the words that people know. */
export function boardWays(board: Board, by: PicobootBy): string[] {
  switch (board.kind) {
    case "bootsel": {
      const picoboot = board.usb === undefined ? [] : [`PICOBOOT (${by ?? NOT_INSTALLED})`];
      switch (board.drive?.kind) {
        case "mounted":
          return [`drive ${board.drive.folder}`, ...picoboot];
        case "unmounted":
          return [`drive ${board.drive.device}, not mounted`, ...picoboot];
        case undefined:
          return picoboot;
      }
      break;
    }
    case "running":
      return [
        ...(board.port === undefined ? [] : [`USB serial ${board.port}`]),
        ...(board.hasResetInterface ? [`reset interface (${by ?? NOT_INSTALLED})`] : []),
      ];
    case "probe":
      return ["probe-rs", ...(board.port === undefined ? [] : [`UART ${board.port}`])];
  }
}

const NOT_INSTALLED = "picotool is not installed";
