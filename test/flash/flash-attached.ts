import { expect } from "vitest";
import { findBoards } from "#extension/pico/boards/find-boards";
import { type BoardFlashing, flashBoard } from "#extension/pico/routes/flash-board";
import type { FlashProgress } from "#extension/pico/routes/flashing";
import { firmwareImage } from "#extension/pico/uf2/firmware-image";
import type { FakeBoard } from "./fake-board";
import type { FakeComputer } from "./fake-computer";

/** Flashes what is attached, as far as that is one board. */
export async function flashAttached(
  computer: FakeComputer,
  elf: Uint8Array,
  options: Partial<BoardFlashing> = {},
) {
  const [board] = await findBoards(computer);
  const progress: FlashProgress[] = [];
  const flashed = flashBoard({
    computer,
    image: firmwareImage(elf, "firmware.elf"),
    firmware: "/home/me/firmware.elf",
    board: board!,
    route: undefined,
    flashSize: undefined,
    driveFolders: [],
    signal: new AbortController().signal,
    isVerified: false,
    isStarted: true,
    onProgress: (each) => progress.push(each),
    ...options,
  });
  return { flashed: await flashed, progress };
}

/** Whether a board's flash has every page of a firmware. */
export function expectInFlash(board: FakeBoard, elf: Uint8Array): void {
  for (const { address, bytes } of firmwareImage(elf, "firmware.elf").pages) {
    const at = address - 0x1000_0000;
    expect(
      Buffer.compare(board.flash.subarray(at, at + 256), bytes),
      `page at 0x${address.toString(16)}`,
    ).toBe(0);
  }
}
