import { UserError } from "#adapter/base/errors";
import type { Chip } from "../chip";
import type { Computer, OpenFile } from "../computer/computer";
import { measureFlash } from "../picoboot/measure-flash";
import type { Picoboot } from "../picoboot/picoboot";
import { startFlash } from "../picoboot/start-program";
import { type PicobootUse, withPicoboot } from "../picoboot/with-picoboot";
import { PAGE_SIZE } from "../uf2/block";
import { encodeUf2 } from "../uf2/uf2-file";

/** What can be done with a boot ROM beside writing a program. */
export type PicobootAction =
  | { readonly kind: "start" }
  | { readonly kind: "erase" }
  /** Reads all of flash into a file: as UF2 if its name ends so, else as plain bytes. */
  | { readonly kind: "save"; readonly file: string };

export interface PicobootDoing extends PicobootUse {
  readonly action: PicobootAction;
  /** Bytes of flash that the board has; undefined to measure them. */
  readonly flashSize: number | undefined;
  /** Told how much is done, from 0 to 1. */
  readonly onProgress: (fraction: number) => void;
}

/** Bytes that one command erases or reads: it can be cancelled between two. */
const CHUNK = 32 << 10;

/**
 * Does something with a board by PICOBOOT.
 * @throws UserError if the board or the file refuses
 */
export async function usePicoboot(doing: PicobootDoing): Promise<void> {
  const { action, board, computer } = doing;
  switch (action.kind) {
    case "start":
      return withPicoboot(doing, (rom) => startFlash(rom, board.chip));
    case "erase":
      return withPicoboot(doing, (rom) => eraseAll(rom, doing));
    case "save": {
      const bytes = await withPicoboot(doing, (rom) => readAll(rom, doing));
      return saveAs(computer, action.file, fileOf(action.file, bytes, board.chip));
    }
  }
}

async function eraseAll(rom: Picoboot, doing: PicobootDoing): Promise<void> {
  await forEachChunk(rom, doing, ({ address, size }) => rom.erase(address, size));
}

async function readAll(rom: Picoboot, doing: PicobootDoing): Promise<Uint8Array> {
  const { start } = doing.board.chip.flash;
  let all = new Uint8Array();
  await forEachChunk(rom, doing, async ({ address, size, total }) => {
    if (all.length === 0) all = new Uint8Array(total);
    all.set(await rom.read(address, size), address - start);
  });
  return all;
}

interface Chunk {
  readonly address: number;
  readonly size: number;
  /** Of all chunks. */
  readonly total: number;
}

async function forEachChunk(
  rom: Picoboot,
  { board: { chip }, flashSize, signal, onProgress }: PicobootDoing,
  run: (chunk: Chunk) => Promise<void>,
): Promise<void> {
  await rom.takeFlash();
  const total = flashSize ?? (await measureFlash(rom, chip));
  for (let done = 0; done < total;) {
    signal.throwIfAborted();
    const size = Math.min(CHUNK, total - done);
    await run({ address: chip.flash.start + done, size, total });
    done += size;
    onProgress(done / total);
  }
}

/** Where the pages of a file go is all that matters: a family that takes every address. */
function fileOf(name: string, bytes: Uint8Array, chip: Chip): Uint8Array {
  if (!name.toLowerCase().endsWith(".uf2")) return bytes;
  const pages = Array.from({ length: bytes.length / PAGE_SIZE }, (_, i) => ({
    address: chip.flash.start + i * PAGE_SIZE,
    bytes: bytes.subarray(i * PAGE_SIZE, (i + 1) * PAGE_SIZE),
  }));
  const family = chip.name === "RP2040" ? "rp2040" : "absolute";
  return encodeUf2({ family, pages, hasE10Block: false });
}

async function saveAs(computer: Computer, path: string, bytes: Uint8Array): Promise<void> {
  let file: OpenFile | undefined;
  try {
    file = await computer.create(path);
    await file.write(bytes);
  } catch (error) {
    throw new UserError(`${path} cannot be written (${(error as Error).message})`, "choose another place");
  } finally {
    await file?.close();
  }
}
