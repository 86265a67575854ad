import { UserError } from "#adapter/base/errors";
import type { Board, BootDrive, BootselBoard, ProbeBoard, RunningBoard } from "../boards/board";
import { chipOfDrive } from "../boards/boot-drives";
import { findBoards } from "../boards/find-boards";
import type { Computer } from "../computer/computer";
import { findTool, type ToolName } from "../computer/find-program";
import { picobootBy } from "../computer/picoboot-by";
import { flashNeeded } from "../uf2/firmware-image";
import type { UsbTransport } from "../usb/usb-transport";
import { PRESS_BOOTSEL } from "./drive-faults";
import { flashDrive } from "./drive-route";
import type { Flashed, Flashing, RouteName } from "./flashing";
import { mountDrive } from "./mount-drive";
import { NO_PICOBOOT, noUsbLibrary } from "./no-picoboot";
import { flashWithPicoboot } from "./picoboot-route";
import { flashWithPicotool } from "./picotool-route";
import { flashWithProbeRs } from "./probe-rs-route";
import { restartToBootsel } from "./restart-to-bootsel";

export interface BoardFlashing extends Flashing {
  readonly board: Board;
  /** The route to take; undefined for the one that fits the board. */
  readonly route: RouteName | undefined;
  /** Bytes of flash that the board has, where the user knows; else those of Raspberry Pi's own board. */
  readonly flashSize: number | undefined;
  /** More folders that are boot ROMs' drives, or that hold them. */
  readonly driveFolders: readonly string[];
}

/**
 * Brings a program into a board and starts it.
 * @throws UserError if the program does not fit the board, or something on the way fails; the board can then be flashed
 * again
 */
export async function flashBoard(flashing: BoardFlashing): Promise<Flashed> {
  const { board, route } = flashing;
  checkSize(flashing);
  if (board.kind === "bootsel") checkChip(flashing, board);
  switch (board.kind) {
    case "probe":
      return flashProbe(flashing, board);
    case "running":
      if (route === "picotool") return withPicotool(flashing, board);
      if (route === "probe-rs") throw noProbe();
      return flashRunning(flashing, board);
    case "bootsel":
      if (route === "probe-rs") throw noProbe();
      return flashBootsel(flashing, board);
  }
}

async function flashProbe(flashing: BoardFlashing, board: ProbeBoard): Promise<Flashed> {
  if (flashing.route !== undefined && flashing.route !== "probe-rs") {
    throw new UserError(
      `A debug probe is used by probe-rs, not by the route ${flashing.route}`,
      "leave `--route` out",
    );
  }
  const program = (await findTool(flashing.computer, "probe-rs")) ?? "probe-rs";
  return flashWithProbeRs(flashing, { program, board });
}

/** pico-sdk's programs can be restarted by picotool, too; the touch needs nothing to be installed. */
async function flashRunning(flashing: BoardFlashing, board: RunningBoard): Promise<Flashed> {
  const { computer, signal, driveFolders, onProgress, route } = flashing;
  const isResetOnly = board.port === undefined && board.hasResetInterface;
  if (isResetOnly && route === undefined && (await picobootBy(computer)) !== "Pollscope") {
    return withPicotool(flashing, board);
  }
  // Before a program that runs is ended for nothing.
  if (route === "picoboot") transportOf(computer);
  onProgress({ step: "restarting", fraction: undefined });
  const restarted = await restartToBootsel(board, { computer, signal, driveFolders });
  checkChip(flashing, restarted);
  return flashBootsel(flashing, restarted);
}

async function flashBootsel(flashing: BoardFlashing, board: BootselBoard): Promise<Flashed> {
  const { route, isStarted } = flashing;
  if (route === "picotool") return withPicotool(flashing, board);
  if (route === "picoboot") return withUsb(flashing, board);
  if (!isStarted) {
    // A boot ROM always starts what came over its drive.
    if (route === "uf2")
      throw new UserError("A board that is flashed over its drive always starts", "leave `--no-run` out");
    return withoutDrive(flashing, board);
  }
  if (board.drive === undefined) {
    if (route === undefined) return withoutDrive(flashing, board);
    throw new UserError(
      `The ${board.chip.name} shows no drive`,
      "flash it with `--route picotool` or `--route picoboot`",
    );
  }
  const folder = await folderOrFault(flashing, board, board.drive);
  if (typeof folder === "string") return flashDrive(flashing, { folder, chip: board.chip, usb: board.usb });
  if (route === "uf2" || (await picobootBy(flashing.computer)) === undefined) throw folder;
  return withoutDrive(flashing, board);
}

/** PICOBOOT, by picotool where that is installed. */
async function withoutDrive(flashing: BoardFlashing, board: BootselBoard): Promise<Flashed> {
  switch (await picobootBy(flashing.computer)) {
    case "picotool":
      return withPicotool(flashing, board);
    case "Pollscope":
      return withUsb(flashing, board);
    case undefined:
      throw new UserError(`The ${board.chip.name} has to be flashed by PICOBOOT`, NO_PICOBOOT);
  }
}

function withUsb(flashing: BoardFlashing, board: BootselBoard): Promise<Flashed> {
  return flashWithPicoboot(flashing, { transport: transportOf(flashing.computer), board });
}

function transportOf(computer: Computer): UsbTransport {
  const usb = computer.usb();
  if (usb.kind === "missing") throw noUsbLibrary(usb.reason);
  return usb.transport;
}

/** The drive's folder, or why it has none. */
async function folderOrFault(
  flashing: BoardFlashing,
  board: BootselBoard,
  drive: BootDrive,
): Promise<string | UserError> {
  try {
    return await folderOf(flashing, board, drive);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

async function folderOf(
  { computer, signal, driveFolders, onProgress }: BoardFlashing,
  { id, chip }: BootselBoard,
  drive: BootDrive,
): Promise<string> {
  if (drive.kind === "mounted") return drive.folder;
  onProgress({ step: "mounting", fraction: undefined });
  await mountDrive(computer, drive.device, signal);
  const boards = await findBoards(computer, { driveFolders });
  const now = boards.find(
    (board): board is BootselBoard => board.kind === "bootsel" && board.id === id,
  )?.drive;
  if (now?.kind === "mounted" && (await chipOfDrive(computer, now.folder)) === chip) return now.folder;
  throw new UserError(`The drive of the ${chip.name} was mounted, but is not to be found`, PRESS_BOOTSEL);
}

async function withPicotool(flashing: BoardFlashing, board: BootselBoard | RunningBoard): Promise<Flashed> {
  const tool: ToolName = "picotool";
  const program = (await findTool(flashing.computer, tool)) ?? tool;
  return flashWithPicotool(flashing, { program, board });
}

function checkChip({ image }: BoardFlashing, { chip }: BootselBoard): void {
  if (image.chip === chip) return;
  throw new UserError(
    `${image.name} is for the ${image.chip.name} of a ${image.chip.board}, and this board has an ${chip.name}`,
    `build it for a ${chip.board}, or choose another board`,
  );
}

/** Addresses past the end of the flash chip wrap around: the board would overwrite its own start. */
function checkSize({ image, flashSize }: BoardFlashing): void {
  const needed = flashNeeded(image);
  const size = flashSize ?? image.chip.usualFlashSize;
  if (needed <= size) return;
  const whose = flashSize === undefined ? `a ${image.chip.board} has` : "the board has";
  throw new UserError(
    `${image.name} needs ${needed} bytes of flash, and ${whose} ${size}`,
    flashSize === undefined
      ? "build it smaller, or say how much your board has (`--flash-size 16M`, setting pollscope.boards.flashSize)"
      : "build it smaller",
  );
}

function noProbe(): UserError {
  return new UserError("This board hangs on no debug probe, which probe-rs needs", "leave `--route` out");
}
