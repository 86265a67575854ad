import { UserError } from "#adapter/base/errors";
import type { BootselBoard, RunningBoard } from "../boards/board";
import type { Computer } from "../computer/computer";
import { picobootBy } from "../computer/picoboot-by";
import { NO_PICOBOOT } from "./no-picoboot";
import { usePicoboot } from "./picoboot-actions";
import { type PicotoolAction, usePicotool } from "./picotool-actions";
import { restartToBootsel } from "./restart-to-bootsel";

/** What can be done with a board beside flashing it. */
export type BoardUse =
  | { readonly kind: "bootsel"; readonly board: RunningBoard }
  | { readonly kind: Exclude<PicotoolAction["kind"], "bootsel" | "save">; readonly board: BootselBoard }
  | { readonly kind: "save"; readonly board: BootselBoard; readonly file: string };

export interface BoardUsing {
  readonly computer: Computer;
  readonly use: BoardUse;
  /** Bytes of flash that the board has, where the user knows. */
  readonly flashSize: number | undefined;
  /** More folders that are boot ROMs' drives, or that hold them. */
  readonly driveFolders: readonly string[];
  readonly signal: AbortSignal;
  /** Told how much is done, from 0 to 1, where that is known. */
  readonly onProgress: (fraction: number) => void;
}

/**
 * Does something with a board: by picotool where that is installed, else by PICOBOOT of our own.
 * @throws UserError if neither can, or with what goes wrong
 */
export async function useBoard(using: BoardUsing): Promise<void> {
  const { computer, use, signal } = using;
  const by = await picobootBy(computer);
  // Without the reset interface only its serial port can tell a program; that needs nothing to be installed.
  if (use.kind === "bootsel" && (by !== "picotool" || !use.board.hasResetInterface)) {
    await restartToBootsel(use.board, using);
    return;
  }
  if (by === "picotool") return usePicotool({ ...using, board: use.board, action: use });
  const usb = computer.usb();
  if (use.kind === "bootsel" || usb.kind === "missing") {
    throw new UserError("This needs PICOBOOT, and nothing here speaks it", NO_PICOBOOT);
  }
  return usePicoboot({ ...using, transport: usb.transport, board: use.board, action: use, signal });
}
