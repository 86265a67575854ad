import { UserError } from "#adapter/base/errors";
import type { BootselBoard, RunningBoard } from "../boards/board";
import { picotoolSelection } from "../boards/picotool-selection";
import type { Computer } from "../computer/computer";
import { findTool } from "../computer/find-program";
import { picotoolFault, picotoolProgress } from "./picotool-route";
import { runTool } from "./run-tool";

/** What picotool can do with a board beside writing a program. */
export type PicotoolAction =
  | { readonly kind: "start" }
  | { readonly kind: "bootsel" }
  | { readonly kind: "erase" }
  /** Reads all of flash into a file, whose name ends with `.uf2` or `.bin`. */
  | { readonly kind: "save"; readonly file: string };

export interface PicotoolUse {
  readonly computer: Computer;
  readonly board: BootselBoard | RunningBoard;
  readonly action: PicotoolAction;
  readonly signal: AbortSignal;
  /** Told how much is done, from 0 to 1, where picotool tells. */
  readonly onProgress: (fraction: number) => void;
}

/**
 * Lets picotool do something with a board.
 * @throws UserError if there is no picotool, or with what it says
 */
export async function usePicotool({
  computer,
  board,
  action,
  signal,
  onProgress,
}: PicotoolUse): Promise<void> {
  const program = await findTool(computer, "picotool");
  if (program === undefined) {
    throw new UserError(
      "This needs picotool, and there is none here",
      "install it (https://github.com/raspberrypi/picotool), or unplug the board and hold BOOTSEL while you plug it in again",
    );
  }
  const force = board.kind === "running" ? ["-f"] : [];
  const words = [...wordsOf(action), ...picotoolSelection(board), ...force];
  const onLine = (line: string) => {
    const progress = picotoolProgress(line);
    if (progress !== undefined) onProgress(progress.fraction);
  };
  const end = await runTool(computer, { program, words, signal, onLine });
  if (end?.status !== 0) throw picotoolFault(end, TASKS[action.kind]);
}

/** What it could not do, in an error. */
const TASKS: Readonly<Record<PicotoolAction["kind"], string>> = {
  start: "start the program",
  bootsel: "restart the board in BOOTSEL mode",
  erase: "erase the flash",
  save: "read the flash back",
};

function wordsOf(action: PicotoolAction): string[] {
  switch (action.kind) {
    case "start":
      return ["reboot", "-a"];
    case "bootsel":
      return ["reboot", "-u"];
    case "erase":
      return ["erase", "-a"];
    case "save":
      return ["save", "-a", action.file];
  }
}
