import { UserError } from "#adapter/base/errors";
import type { BootselBoard, RunningBoard } from "../boards/board";
import { picotoolSelection } from "../boards/picotool-selection";
import type { ProgramEnd } from "../computer/computer";
import { PRESS_BOOTSEL } from "./drive-faults";
import type { Flashed, Flashing } from "./flashing";
import { runTool } from "./run-tool";
import { SET_UP_USB } from "./usb-access";

/**
 * Lets picotool write a program.
 * @throws UserError with what picotool says if it cannot
 */
export async function flashWithPicotool(
  { computer, image, firmware, signal, onProgress, isVerified, isStarted }: Flashing,
  { program, board }: { readonly program: string; readonly board: BootselBoard | RunningBoard },
): Promise<Flashed> {
  onProgress({ step: "writing", fraction: undefined });
  const words = [
    "load",
    ...(isVerified ? ["-v"] : []),
    ...(isStarted ? ["-x"] : []),
    firmware,
    "-t",
    "elf",
    ...picotoolSelection(board),
    ...(board.kind === "running" ? [isStarted ? "-f" : "-F"] : []),
  ];
  const end = await runTool(computer, {
    program,
    words,
    signal,
    onLine: (line) => {
      const progress = picotoolProgress(line);
      if (progress !== undefined) onProgress(progress);
    },
  });
  if (end?.status !== 0) throw picotoolFault(end, `load ${image.name}`);
  return { route: "picotool", checked: isVerified ? "read back" : "written", isRunning: isStarted };
}

/** `Loading into Flash:   [=========                     ]  31%` */
export function picotoolProgress(
  line: string,
): { step: "writing" | "verifying"; fraction: number } | undefined {
  const match = /^(Loading into|Verifying|Erasing|Saving file).*\]\s*(\d+)%/.exec(line);
  if (match === null) return undefined;
  return { step: match[1] === "Verifying" ? "verifying" : "writing", fraction: Number(match[2]) / 100 };
}

/** What picotool means when it fails; its last line that is not progress says why. */
export function picotoolFault(end: ProgramEnd | undefined, task: string): UserError {
  if (end === undefined) {
    return new UserError(
      "There is no picotool here",
      "install it (https://github.com/raspberrypi/picotool), or flash through the BOOTSEL drive",
    );
  }
  const said = end.lines.filter((line) => picotoolProgress(line) === undefined);
  const isForbidden = said.some((line) => line.includes("unable to connect"));
  if (isForbidden) {
    return new UserError("picotool sees the board, but may not use it", SET_UP_USB);
  }
  const reason = (said.findLast((line) => line.startsWith("ERROR")) ?? said.at(-1))?.replace(
    /^ERROR:\s*/,
    "",
  );
  const how = end.status === null ? "it was ended" : `exit code ${end.status}`;
  return new UserError(`picotool could not ${task} (${reason ?? how})`, PRESS_BOOTSEL);
}
