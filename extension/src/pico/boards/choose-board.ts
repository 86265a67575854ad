import { UserError } from "#adapter/base/errors";
import type { RouteName } from "../routes/flashing";
import type { FirmwareImage } from "../uf2/firmware-image";
import { type Board, boardTitle } from "./board";

/** Kinds of boards that each route reaches. */
const REACHES: Readonly<Record<RouteName, readonly Board["kind"][]>> = {
  uf2: ["bootsel", "running"],
  picotool: ["bootsel", "running"],
  picoboot: ["bootsel", "running"],
  "probe-rs": ["probe"],
};

/**
 * The boards that may be meant by what the user said. A board that waits for a program of another chip is not, unless
 * there is no other: then the error should say so.
 * @param wanted a serial number, a USB port or a drive's folder
 * @throws UserError if there is none
 */
export function possibleBoards(
  boards: readonly Board[],
  image: Pick<FirmwareImage, "chip"> | undefined,
  { wanted, route }: { readonly wanted?: string | undefined; readonly route?: RouteName | undefined },
): readonly Board[] {
  const named = wanted === undefined ? boards : boards.filter((board) => isNamed(board, wanted));
  if (named.length === 0) throw noBoard(boards, wanted);
  const reached = route === undefined ? named : named.filter(({ kind }) => REACHES[route].includes(kind));
  if (reached.length === 0) {
    throw new UserError(
      `No board that is attached can be reached by ${route ?? ""}`,
      `there is: ${titles(named)}`,
    );
  }
  const fitting = reached.filter(
    (board) => board.kind !== "bootsel" || image === undefined || board.chip === image.chip,
  );
  return fitting.length === 0 ? reached : fitting;
}

/**
 * The one board that is meant.
 * @throws UserError if there is none, or several
 */
export function onlyBoard(possible: readonly Board[]): Board {
  const [board, ...others] = possible;
  if (board === undefined) throw noBoard([], undefined);
  if (others.length === 0) return board;
  throw new UserError(
    `${possible.length} boards are attached (${titles(possible)})`,
    "name one by its serial number or USB port: `--board`",
  );
}

function isNamed({ id, serial, ...board }: Board, wanted: string): boolean {
  if (id === wanted || serial?.toLowerCase() === wanted.toLowerCase()) return true;
  if (board.kind === "bootsel") return board.drive?.kind === "mounted" && board.drive.folder === wanted;
  return board.port === wanted;
}

function noBoard(boards: readonly Board[], wanted: string | undefined): UserError {
  if (wanted === undefined || boards.length === 0) {
    return new UserError(
      "No Pico is attached",
      "plug one in while you hold its BOOTSEL button, or connect a debug probe; a cable without data wires only gives power",
    );
  }
  return new UserError(`No board is called ${JSON.stringify(wanted)}`, `there is: ${titles(boards)}`);
}

function titles(boards: readonly Board[]): string {
  return boards.map((board) => `${boardTitle(board)} at ${board.id}`).join("; ");
}
