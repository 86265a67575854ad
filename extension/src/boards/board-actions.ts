import * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import type { Board, BootselBoard, RunningBoard } from "../pico/boards/board";
import { type BoardUse, useBoard } from "../pico/routes/board-use";
import { parseFlashSize } from "../pico/routes/flash-size";
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
  const use = await useFor(world, kind, wanted);
  if (use === undefined) return;
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
    const size = setting("boards.flashSize");
    try {
      // A serial port has one user at a time there.
      if (kind === "bootsel" && computer.platform === "windows") closeConsole();
      await useBoard({
        computer,
        use,
        flashSize: size === "" ? undefined : parseFlashSize(size),
        driveFolders: setting("boards.driveFolders"),
        signal,
        onProgress,
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  });
  await world.boards.look();
}

/** Running boards can only be restarted; to erase and read back, a boot ROM has to be asked. */
async function useFor(
  world: FlashSurroundings,
  kind: BoardAction,
  wanted: Board | undefined,
): Promise<BoardUse | undefined> {
  if (kind === "bootsel") {
    const board = await boardFor(world, { kind, wanted, isMeant: isRunning });
    return board && { kind, board };
  }
  const board = await boardFor(world, { kind, wanted, isMeant: isWaiting });
  return board && detailed(kind, board);
}

const isRunning = (board: Board): board is RunningBoard => board.kind === "running";
const isWaiting = (board: Board): board is BootselBoard => board.kind === "bootsel";

interface WantedBoard<B extends Board> {
  readonly kind: BoardAction;
  readonly wanted: Board | undefined;
  readonly isMeant: (board: Board) => board is B;
}

async function boardFor<B extends Board>(
  { boards, computer }: FlashSurroundings,
  { kind, wanted, isMeant }: WantedBoard<B>,
): Promise<B | undefined> {
  const possible = (wanted === undefined ? await boards.look() : [wanted]).filter(isMeant);
  if (possible.length === 0) {
    throw new UserError(
      kind === "bootsel"
        ? "No board is attached whose program runs and speaks USB"
        : "No board is in BOOTSEL mode",
      "unplug the board, and hold BOOTSEL while you plug it in again",
    );
  }
  const chosen = await chooseBoard(computer, possible, `${TITLES[kind]} of Which Board?`);
  return possible.find((board) => board === chosen);
}

/** Asks what has to be known; undefined if the user has thought better of it. */
async function detailed(
  kind: Exclude<BoardAction, "bootsel">,
  board: BootselBoard,
): Promise<BoardUse | undefined> {
  switch (kind) {
    case "erase": {
      const erase = "Erase";
      const question = `Erase all of the flash of ${board.serial ?? board.id}?`;
      const detail = "The program and everything that it has stored are gone then.";
      const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, erase);
      return answer === erase ? { kind, board } : undefined;
    }
    case "save": {
      const filters = { UF2: ["uf2"], "Plain bytes": ["bin"] };
      const file = await vscode.window.showSaveDialog({ title: "Read the Flash Back into a File", filters });
      return file && { kind, board, file: file.fsPath };
    }
    case "start":
      return { kind, board };
  }
}
