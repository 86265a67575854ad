import * as vscode from "vscode";
import type { BuildDiagnostics } from "../debugging/build-diagnostics";
import { buildForLaunch } from "../debugging/cargo-launch";
import { chosenProject } from "../debugging/project-choice";
import { PICO_2_TRIPLES } from "../cargo/build-target";
import type { Board } from "../pico/boards/board";
import { possibleBoards } from "../pico/boards/choose-board";
import type { Computer } from "../pico/computer/computer";
import { flashBoard } from "../pico/routes/flash-board";
import { parseFlashSize } from "../pico/routes/flash-size";
import { flashedText, progressText } from "../pico/routes/flash-words";
import type { Flashed, FlashProgress } from "../pico/routes/flashing";
import type { FirmwareImage } from "../pico/uf2/firmware-image";
import { readFirmwareImage } from "../pico/uf2/read-firmware-image";
import { pickFirmware } from "../platform/pick-firmware";
import { setting } from "../platform/settings";
import type { Surroundings } from "../platform/surroundings";
import { refuseToRunWhenRestricted } from "../platform/trust";
import type { AttachedBoards } from "./attached-boards";
import { closeConsole, openConsoleAfterFlash } from "./board-console";
import { chooseBoard } from "./board-choice";

export interface FlashSurroundings {
  readonly computer: Computer;
  readonly boards: AttachedBoards;
  readonly diagnostics: BuildDiagnostics;
  readonly surroundings: Surroundings;
}

/**
 * Builds the project that is open, or takes a file where none is, and brings it into a board.
 * @param wanted the board that was clicked; undefined for the only one, or the one that the user picks
 * @throws UserError if something does not fit or fails
 */
export async function flash(world: FlashSurroundings, wanted?: Board): Promise<void> {
  refuseToRunWhenRestricted();
  const firmware = await firmwareToFlash(world, { isForDebugger: false });
  if (firmware === undefined) return;
  const image = await readFirmwareImage(firmware);
  const attached = await world.boards.lookClosely();
  const possible = possibleBoards(attached, image, { wanted: wanted?.id });
  const board = await chooseBoard(world.computer, possible, `Flash ${image.name} to Which Board?`);
  if (board === undefined) return;
  if (board.kind === "running" && world.computer.platform === "windows") closeConsole();
  const flashed = await flashWithProgress(world, { firmware, image, board, isStarted: true });
  await world.boards.look();
  if (flashed === undefined) return;
  const text = flashedText(image.name, flashed);
  world.surroundings.log.info(text);
  void vscode.window.showInformationMessage(text);
  if (setting("flash.openConsole")) await openConsoleAfterFlash(world, { firmware, board });
}

/** The ELF file; undefined if the user has cancelled, or has been told what does not compile. */
export async function firmwareToFlash(
  { diagnostics, surroundings }: FlashSurroundings,
  { isForDebugger }: { readonly isForDebugger: boolean },
): Promise<string | undefined> {
  const project = await chosenProject(surroundings.memory);
  switch (project.kind) {
    case "cancelled":
      return undefined;
    case "none":
      return (await pickFirmware("The Firmware to Flash", "Flash"))?.fsPath;
    case "project":
      return buildForLaunch({
        request: { profile: setting("flash.profile") },
        folder: project.folder,
        otherTriples: PICO_2_TRIPLES,
        isForDebugger,
        diagnostics,
        surroundings,
      });
  }
}

interface FlashWork {
  readonly firmware: string;
  readonly image: FirmwareImage;
  readonly board: Board;
  /** Whether the program is to start afterwards. */
  readonly isStarted: boolean;
}

/** Undefined if the user has cancelled. */
export function flashWithProgress(
  { computer, surroundings: { log } }: FlashSurroundings,
  { firmware, image, board, isStarted }: FlashWork,
): Thenable<Flashed | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Flashing ${image.name}`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, cancellation) => {
    const controller = new AbortController();
    cancellation.onCancellationRequested(() => controller.abort());
    const size = setting("boards.flashSize");
    try {
      return await flashBoard({
        computer,
        image,
        firmware,
        board,
        route: undefined,
        isVerified: setting("flash.verify"),
        isStarted,
        flashSize: size === "" ? undefined : parseFlashSize(size),
        driveFolders: setting("boards.driveFolders"),
        signal: controller.signal,
        onProgress: progressReporter(progress),
      });
    } catch (error) {
      if (!controller.signal.aborted) throw error;
      const text =
        "Flashing was cancelled: the board may have only a part of the program. Flash it once more.";
      log.warn(text);
      void vscode.window.showWarningMessage(text);
      return undefined;
    }
  });
}

/** VS Code adds up increments; a step without a fraction has none. */
function progressReporter(progress: vscode.Progress<{ message: string; increment?: number }>) {
  let reported = 0;
  return (now: FlashProgress) => {
    const percent = now.step === "writing" ? 100 * (now.fraction ?? 0) : reported;
    progress.report({ message: progressText(now), increment: Math.max(0, percent - reported) });
    reported = Math.max(reported, percent);
  };
}
