import { UserError } from "#adapter/base/errors";
import type { Computer, ProgramRun } from "../computer/computer";

/**
 * Mounts a boot ROM's drive as a desktop would.
 * @throws UserError if it cannot be mounted
 */
export async function mountDrive(computer: Computer, device: string, signal: AbortSignal): Promise<void> {
  const mount = mountProgram(computer, device);
  const end = mount === undefined ? undefined : await computer.run({ ...mount, signal });
  if (end?.status === 0) return;
  const name = mount?.program.slice(mount.program.lastIndexOf("/") + 1) ?? "program for it";
  const reason = end === undefined ? `there is no ${name}` : (end.lines.at(-1) ?? `${name} does not say why`);
  throw new UserError(
    `The board's drive ${device} is not mounted, and cannot be (${reason})`,
    "mount it yourself, install picotool or the npm package `usb` (docs/flashing.md), or use a debug probe",
  );
}

/** Windows gives a drive its letter as soon as it sees it, so there none is ever found without. */
function mountProgram(
  { platform }: Computer,
  device: string,
): Pick<ProgramRun, "program" | "words"> | undefined {
  switch (platform) {
    case "linux":
      return { program: "udisksctl", words: ["mount", "--no-user-interaction", "-b", device] };
    case "macos":
      return { program: "/usr/sbin/diskutil", words: ["mount", device] };
    case "windows":
      return undefined;
  }
}
