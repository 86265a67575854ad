import { UserError } from "#adapter/base/errors";
import { type FoundDrive, isStillThere } from "../boards/boot-drives";
import type { Computer } from "../computer/computer";
import { TookTooLong } from "../computer/within";

/** What brings every board back, whatever has happened to it: the boot ROM cannot be overwritten. */
export const PRESS_BOOTSEL = "unplug the board, hold BOOTSEL while you plug it in again, and flash once more";

interface DrivePlace extends FoundDrive {
  readonly computer: Computer;
}

/** What a failed step of writing to a boot ROM's drive means, and what to do about it. */
export async function driveFault(error: unknown, drive: DrivePlace): Promise<UserError> {
  const { computer, folder, chip } = drive;
  if (error instanceof UserError) return error;
  if (error instanceof TookTooLong) {
    return new UserError(`The ${chip.name} at ${folder} does not answer`, PRESS_BOOTSEL);
  }
  const { code = "", message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "EROFS":
      return new UserError(
        `The drive of the ${chip.name} (${folder}) is mounted read-only`,
        "mount it so that you may write to it, or unplug the board and hold BOOTSEL while you plug it in again",
      );
    case "EACCES":
    case "EPERM":
      return new UserError(
        `You may not write to the drive of the ${chip.name} (${folder})`,
        mayNotWrite(computer),
      );
    case "ENOSPC":
      return new UserError(`The drive of the ${chip.name} (${folder}) is full`, PRESS_BOOTSEL);
  }
  if (!(await isStillThere(computer, drive))) {
    return new UserError(
      `The ${chip.name} was unplugged, or restarted, before it had the whole program (${code})`,
      PRESS_BOOTSEL,
    );
  }
  return new UserError(
    `The drive of the ${chip.name} (${folder}) cannot be written (${message})`,
    PRESS_BOOTSEL,
  );
}

function mayNotWrite({ platform }: Computer): string {
  switch (platform) {
    case "linux":
      return "mount it as your own user (`udisksctl mount`), or let Pollscope do so: unplug the board, and hold BOOTSEL while you plug it in again";
    case "macos":
      return "allow the access under System Settings, Privacy & Security, Files and Folders";
    case "windows":
      return "close programs that use the drive, and flash once more";
  }
}
