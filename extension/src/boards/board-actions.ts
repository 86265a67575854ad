import * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import type { Board, BootselBoard, RunningBoard } from "../pico/boards/board";
import { type PicotoolAction, usePicotool } from "../pico/routes/picotool-actions";
import { restartToBootsel } from "../pico/routes/restart-to-bootsel";
import { setting } from "../platform/settings";
import { refuseToRunWhenRestricted } from "../platform/trust";
import { chooseBoard } from "./board-choice";
import { closeConsole } from "./board-console";
import type { FlashSurroundings } from "./flash-command";

/** What can be done with a board beside flashing it; titles of the progress. */
const TITLES = {
  start: "Starting the program",
  bootsel: "Restarting in BOOTSEL mode",
  erase: "Erasing the flash",
  save: "Reading the flash back",
} as const;

export type BoardAction = keyof typeof TITLES;

/**
 * Does something with a board, with progress that can be cancelled.
 * @throws UserError if it cannot be done
 */
export async function doWithBoard(
  world: FlashSurroundings,
  kind: BoardAction,
  wanted?: Board,
): Promise<void> {
  refuseToRunWhenRestricted();
  const board = await boardFor(world, kind, wanted);
  if (board === undefined) return;
  const action = await asPicotoolAction(kind, board);
  if (action === undefined) return;
  const options = { location: vscode.ProgressLocation.Notification, title: TITLES[kind], cancellable: true };
  await vscode.window.withProgress(options, async (progress, cancellation) => {
    const controller = new AbortController();
    cancellation.onCancellationRequested(() => controller.abort());
    const { signal } = controller;
    const { computer } = world;
    let reported = 0;
    const onProgress = (fraction: number) => {
      progress.report({ increment: 100 * fraction - reported });
      reported = 100 * fraction;
    };
    try {
      // Without picotool a running program can still be sent to BOOTSEL mode, if it listens.
      if (action.kind === "bootsel" && board.kind === "running" && !board.hasResetInterface) {
        if (computer.platform === "windows") closeConsole();
        await restartToBootsel(board, { computer, signal, driveFolders: setting("boards.driveFolders") });
      } else {
        await usePicotool({ computer, board, action, signal, onProgress });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  });
  await world.boards.look();
}

/** Running boards can only be restarted; to erase and read back, a boot ROM has to be asked. */
async function boardFor(
  { boards }: FlashSurroundings,
  kind: BoardAction,
  wanted: Board | undefined,
): Promise<BootselBoard | RunningBoard | undefined> {
  const wantedKind: Board["kind"] = kind === "bootsel" ? "running" : "bootsel";
  const possible = (wanted === undefined ? await boards.look() : [wanted]).filter(
    (board): board is BootselBoard | RunningBoard => board.kind === wantedKind,
  );
  if (possible.length === 0) {
    throw new UserError(
      wantedKind === "running"
        ? "No board is attached whose program runs and speaks USB"
        : "No board is in BOOTSEL mode",
      "unplug the board, and hold BOOTSEL while you plug it in again",
    );
  }
  const chosen = await chooseBoard(possible, `${TITLES[kind]} of Which Board?`);
  return possible.find((board) => board === chosen);
}

/** Asks what has to be known; undefined if the user has thought better of it. */
async function asPicotoolAction(kind: BoardAction, board: Board): Promise<PicotoolAction | undefined> {
  switch (kind) {
    case "erase": {
      const erase = "Erase";
      const question = `Erase all of the flash of ${board.serial ?? board.id}?`;
      const detail = "The program and everything that it has stored are gone then.";
      const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, erase);
      return answer === erase ? { kind } : undefined;
    }
    case "save": {
      const filters = { UF2: ["uf2"], "Plain bytes": ["bin"] };
      const file = await vscode.window.showSaveDialog({ title: "Read the Flash Back into a File", filters });
      return file && { kind, file: file.fsPath };
    }
    default:
      return { kind };
  }
}
