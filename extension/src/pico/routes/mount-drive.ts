import { UserError } from "#adapter/base/errors";
import type { Computer } from "../computer/computer";

/**
 * Mounts a boot ROM's drive as a desktop would.
 * @throws UserError if it cannot be mounted
 */
export async function mountDrive(computer: Computer, device: string, signal: AbortSignal): Promise<void> {
  const words = ["mount", "--no-user-interaction", "-b", device];
  const end = await computer.run({ program: "udisksctl", words, signal });
  if (end?.status === 0) return;
  const reason =
    end === undefined ? "there is no udisksctl" : (end.lines.at(-1) ?? "udisksctl does not say why");
  throw new UserError(
    `The board's drive ${device} is not mounted, and cannot be (${reason})`,
    "mount it yourself, install picotool, or use a debug probe",
  );
}
