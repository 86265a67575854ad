import { UserError } from "#adapter/base/errors";
import type { BootselBoard, RunningBoard } from "../boards/board";
import { findBoards, type FindBoardsOptions } from "../boards/find-boards";
import type { Computer, ProgramRun } from "../computer/computer";
import { powershell } from "../computer/powershell";
import { stty } from "../console/stty";
import { portRefusal } from "../console/windows-port";
import { comPort, touchScript } from "../console/windows-port-scripts";
import { PRESS_BOOTSEL } from "./drive-faults";
import { resetToBootsel } from "./reset-interface";

/** Bits per second that nobody uses, so programs take them for this order. */
const TOUCH_BAUD = 1200;

/**
 * Milliseconds until a board that was told to restart must be there in BOOTSEL mode, its drive mounted. Windows looks for
 * drivers when it sees a device for the first time.
 */
const RESTART_TIME: Readonly<Record<Computer["platform"], number>> = {
  linux: 10_000,
  macos: 10_000,
  windows: 30_000,
};
/** The same after the port could not be opened, which may be because the board has restarted already. */
const REFUSED_TIME = 5000;
/** Milliseconds for a desktop to mount the drive. */
const MOUNT_TIME = 3000;
const LOOK_EVERY = 200;

export interface Restart extends FindBoardsOptions {
  readonly computer: Computer;
  readonly signal: AbortSignal;
}

/**
 * Sends a running program to BOOTSEL mode: a port that is opened with 1200 baud says so to programs that listen for it
 * (pico-sdk's USB output, Arduino's). To one without a port, pico-sdk's reset interface does, if it has that.
 * @returns the same board, now in BOOTSEL mode
 * @throws UserError if the program does not listen
 */
export async function restartToBootsel(board: RunningBoard, restart: Restart): Promise<BootselBoard> {
  const { computer } = restart;
  if (board.port !== undefined) return restartByTouch(board, board.port, restart);
  const usb = computer.usb();
  if (!board.hasResetInterface || usb.kind === "missing") throw doesNotListen(board, "it has no serial port");
  await resetToBootsel(computer, board, usb.transport);
  const found = await comesBack(board, restart, RESTART_TIME[computer.platform]);
  if (found === undefined) throw doesNotListen(board, "it does not heed its reset interface");
  return found;
}

async function restartByTouch(board: RunningBoard, port: string, restart: Restart): Promise<BootselBoard> {
  const { computer, signal } = restart;
  const tool = touch(computer, port);
  const end = tool === undefined ? undefined : await computer.run({ ...tool, signal });
  if (end === undefined) throw doesNotListen(board, `there is no ${tool?.program ?? "way"} to tell it to`);
  const said = end.lines.at(-1)?.trim() ?? "it cannot be told to";
  // The port may be gone before it was read back or closed: whether the board comes is what counts.
  const refusal = end.status === 0 ? undefined : portRefusal(said, port, TOUCH_BAUD);
  const patience = refusal === undefined ? RESTART_TIME[computer.platform] : REFUSED_TIME;
  const found = await comesBack(board, restart, patience);
  if (found !== undefined) return found;
  throw refusal ?? doesNotListen(board, end.status === 0 ? `it does not listen to ${TOUCH_BAUD} baud` : said);
}

function touch(computer: Computer, port: string): Pick<ProgramRun, "program" | "words"> | undefined {
  if (computer.platform !== "windows") return stty(computer, port, [String(TOUCH_BAUD)]);
  const name = comPort(port);
  return name === undefined ? undefined : powershell(computer, touchScript(name, TOUCH_BAUD));
}

/** The board in the same USB port, once it shows its drive or has had time to. */
async function comesBack(
  board: RunningBoard,
  restart: Restart,
  patience: number,
): Promise<BootselBoard | undefined> {
  const { computer, signal } = restart;
  const end = computer.now() + patience;
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
