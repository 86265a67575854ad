import { UserError } from "#adapter/base/errors";
import type { BootselBoard, RunningBoard } from "../boards/board";
import { findBoards, type FindBoardsOptions } from "../boards/find-boards";
import type { Computer } from "../computer/computer";
import { PRESS_BOOTSEL } from "./drive-faults";

/** Milliseconds until a board that was told to restart must be there in BOOTSEL mode, its drive mounted. */
const RESTART_TIME = 10_000;
/** Milliseconds for a desktop to mount the drive. */
const MOUNT_TIME = 3000;
const LOOK_EVERY = 200;

export interface Restart extends FindBoardsOptions {
  readonly computer: Computer;
  readonly signal: AbortSignal;
}

/**
 * Sends a running program to BOOTSEL mode: a port that is opened with 1200 baud says so to programs that listen for it
 * (pico-sdk's USB output, Arduino's).
 * @returns the same board, now in BOOTSEL mode
 * @throws UserError if the program does not listen
 */
export async function restartToBootsel(board: RunningBoard, restart: Restart): Promise<BootselBoard> {
  const { computer, signal } = restart;
  if (board.port === undefined) throw doesNotListen(board, "it has no serial port");
  const { program, words } = touch(computer, board.port);
  const end = await computer.run({ program, words, signal });
  if (end === undefined) throw doesNotListen(board, `there is no ${program} to tell it to`);
  // The port may be gone before stty has read it back: whether the board comes is what counts.
  const said =
    end.status === 0 ? "it does not listen to 1200 baud" : (end.lines.at(-1) ?? `${program} failed`);
  const found = await comesBack(board, restart);
  if (found === undefined) throw doesNotListen(board, said);
  return found;
}

function touch({ platform }: Computer, port: string): { program: string; words: readonly string[] } {
  switch (platform) {
    case "linux":
      return { program: "stty", words: ["-F", port, "1200"] };
    case "macos":
      return { program: "stty", words: ["-f", port, "1200"] };
    case "windows":
      return { program: "mode.com", words: [`${port}:`, "BAUD=1200", "PARITY=N", "DATA=8"] };
  }
}

/** The board in the same USB port, once it shows its drive or has had time to. */
async function comesBack(board: RunningBoard, restart: Restart): Promise<BootselBoard | undefined> {
  const { computer, signal } = restart;
  const end = computer.now() + RESTART_TIME;
  let isThereSince: number | undefined;
  while (computer.now() < end) {
    const boards = await findBoards(computer, restart);
    const found = boards.find(
      (each): each is BootselBoard => each.kind === "bootsel" && each.id === board.id,
    );
    if (found !== undefined) {
      isThereSince ??= computer.now();
      const hasHadTime = computer.now() - isThereSince >= MOUNT_TIME;
      if (found.drive?.kind === "mounted" || hasHadTime) return found;
    }
    await computer.sleep(LOOK_EVERY, signal);
  }
  return undefined;
}

function doesNotListen({ name }: RunningBoard, why: string): UserError {
  return new UserError(`${name} cannot be sent to BOOTSEL mode by its program (${why})`, PRESS_BOOTSEL);
}
