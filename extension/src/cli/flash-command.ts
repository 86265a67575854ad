import { resolve } from "node:path";
import { UserError } from "#adapter/base/errors";
import { boardTitle } from "#extension/pico/boards/board";
import { onlyBoard, possibleBoards } from "#extension/pico/boards/choose-board";
import { findBoards } from "#extension/pico/boards/find-boards";
import { listProbes, withProbes } from "#extension/pico/boards/probe-list";
import { thisComputer } from "#extension/pico/computer/this-computer";
import { flashBoard } from "#extension/pico/routes/flash-board";
import { flashedText, progressText } from "#extension/pico/routes/flash-words";
import { readFirmwareImage } from "#extension/pico/uf2/read-firmware-image";
import { untilInterrupted } from "./interrupted";
import type { Output } from "./output";
import type { FlashRequest } from "./requests";

/** Brings a firmware into the board that is attached, or the one that is named. */
export async function runFlash(request: FlashRequest, output: Output): Promise<void> {
  const { driveFolders, route } = request;
  const computer = thisComputer();
  const image = await readFirmwareImage(request.firmware);
  const probes = await listProbes(computer, new AbortController().signal);
  const boards = withProbes(await findBoards(computer, { driveFolders }), probes);
  const board = onlyBoard(possibleBoards(boards, image, { wanted: request.board, route }));
  const flashed = await untilInterrupted(async (signal) => {
    output.note(`${image.name}, ${image.size} bytes, to ${boardTitle(board)}`);
    try {
      return await flashBoard({
        ...request,
        computer,
        image,
        board,
        signal,
        firmware: resolve(request.firmware),
        onProgress: (progress) => output.progress(progressText(progress)),
      });
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new UserError(
        "Flashing was cancelled, so the board may have only a part of the program",
        "flash it once more",
      );
    }
  });
  await output.write(`${flashedText(image.name, flashed)}\n`);
}
