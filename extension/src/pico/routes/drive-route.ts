import { join } from "node:path";
import { UserError } from "#adapter/base/errors";
import { type FoundDrive, isStillThere } from "../boards/boot-drives";
import type { Computer, OpenFile } from "../computer/computer";
import { within } from "../computer/within";
import { BLOCK_SIZE, encodeBlock } from "../uf2/block";
import { FAMILY_IDS } from "../uf2/families";
import type { FirmwareImage } from "../uf2/firmware-image";
import { encodeUf2, uf2Of } from "../uf2/uf2-file";
import { driveFault, PRESS_BOOTSEL } from "./drive-faults";
import type { Flashed, Flashing } from "./flashing";

/** Names on the drive; the boot ROM looks at blocks only. */
const FILE = "FIRMWARE.UF2";
const RESET_FILE = "RESET.UF2";

/**
 * Bytes between two moments at which the drive must have all: progress is true by then. A multiple of what any system
 * caches, so that no block is sent twice.
 */
const CHUNK = 32 * BLOCK_SIZE;

/** Milliseconds that one chunk may take. Erasing and writing its 8 kB of flash takes some 100 ms. */
const CHUNK_TIME = 20_000;
/** Milliseconds until the board must have restarted: boot ROMs wait one second. */
const RESTART_TIME = 10_000;
const LOOK_EVERY = 100;

/**
 * Copies a program as UF2 onto the drive of a boot ROM, which restarts the board when it has every block: that the drive
 * goes is how it is known that all arrived.
 * @throws UserError if the drive refuses, is full, goes away too early or stays
 */
export async function flashDrive(
  { computer, image, signal, onProgress }: Flashing,
  found: FoundDrive,
): Promise<Flashed> {
  const drive: Drive = { ...found, computer, signal };
  const file = encodeUf2(uf2Of(image));
  onProgress({ step: "writing", fraction: 0 });
  await checkIsThere(drive);
  await put(drive, RESET_FILE, resetBlock(image), () => undefined);
  await put(drive, FILE, file, (done) => onProgress({ step: "writing", fraction: done / file.length }));
  onProgress({ step: "starting", fraction: undefined });
  await waitForRestart(drive);
  return { route: "uf2", checked: "blocks counted", isRunning: true };
}

interface Drive extends FoundDrive {
  readonly computer: Computer;
  readonly signal: AbortSignal;
}

/** The folder may be something else since the board was found: nothing is written to what is no boot ROM's drive. */
async function checkIsThere(drive: Drive): Promise<void> {
  if (await isStillThere(drive.computer, drive)) return;
  const { chip, folder } = drive;
  throw new UserError(`There is no ${chip.name} in BOOTSEL mode at ${folder} any more`, PRESS_BOOTSEL);
}

/**
 * A boot ROM takes blocks that it has for known, and tells programs apart by their number of blocks only: after a copy
 * that was broken off, the next program of as many blocks would be mixed with it. One block of a "program" that is one
 * longer makes it forget. It carries the first page of our own, so that nothing else is ever written.
 */
function resetBlock({ pages, family }: FirmwareImage): Uint8Array {
  const { address, bytes: page } = pages[0]!;
  const count = pages.length + 1;
  return encodeBlock({ address, page, number: 0, count, family: FAMILY_IDS[family], extension: undefined });
}

async function put(
  drive: Drive,
  name: string,
  bytes: Uint8Array,
  onWritten: (done: number) => void,
): Promise<void> {
  const { computer, folder, signal } = drive;
  const path = join(folder, name);
  let file: OpenFile | undefined;
  try {
    file = await within(CHUNK_TIME, computer, computer.create(path));
    for (let done = 0; done < bytes.length;) {
      signal.throwIfAborted();
      const chunk = bytes.subarray(done, done + CHUNK);
      await within(CHUNK_TIME, computer, file.write(chunk));
      await within(CHUNK_TIME, computer, file.sync());
      done += chunk.length;
      onWritten(done);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw await driveFault(error, drive);
  } finally {
    // The drive may be gone with the last block; then there is nothing left to close.
    if (file !== undefined) await within(CHUNK_TIME, computer, file.close()).catch(() => undefined);
  }
}

async function waitForRestart(drive: Drive): Promise<void> {
  const { computer, chip, signal } = drive;
  const end = computer.now() + RESTART_TIME;
  while (await isStillThere(computer, drive)) {
    if (computer.now() >= end) {
      throw new UserError(
        `The ${chip.name} has not restarted ${RESTART_TIME / 1000} s after its last block, so it lacks some`,
        PRESS_BOOTSEL,
      );
    }
    await computer.sleep(LOOK_EVERY, signal);
  }
}
