import type { Board } from "./board";

/** How a board can be reached, in the words that people know. */
export function boardWays(board: Board): string[] {
  switch (board.kind) {
    case "bootsel": {
      const picotool = board.usb === undefined ? [] : ["PICOBOOT (picotool)"];
      switch (board.drive?.kind) {
        case "mounted":
          return [`drive ${board.drive.folder}`, ...picotool];
        case "unmounted":
          return [`drive ${board.drive.device}, not mounted`, ...picotool];
        case undefined:
          return picotool;
      }
      break;
    }
    case "running":
      return [
        ...(board.port === undefined ? [] : [`USB serial ${board.port}`]),
        ...(board.hasResetInterface ? ["reset interface (picotool)"] : []),
      ];
    case "probe":
      return ["probe-rs", ...(board.port === undefined ? [] : [`UART ${board.port}`])];
  }
}
