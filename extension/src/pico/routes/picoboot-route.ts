import { UserError } from "#adapter/base/errors";
import { hexAddress } from "#adapter/base/hex-address";
import type { BootselBoard } from "../boards/board";
import { type Run, type SectorPlan, sectorsOf } from "../picoboot/flash-plan";
import type { Picoboot } from "../picoboot/picoboot";
import { startWritten } from "../picoboot/start-program";
import { withPicoboot } from "../picoboot/with-picoboot";
import { type FirmwareImage, SECTOR_SIZE } from "../uf2/firmware-image";
import type { UsbTransport } from "../usb/usb-transport";
import type { Flashed, Flashing, FlashProgress } from "./flashing";

/**
 * Writes a program by PICOBOOT, which boot ROMs speak beside their drive: it can be read back, and it need not start.
 * @throws UserError if the board refuses, goes away, does not answer, or holds something else afterwards
 */
export async function flashWithPicoboot(
  { computer, image, signal, onProgress, isVerified, isStarted }: Flashing,
  { transport, board }: { readonly transport: UsbTransport; readonly board: BootselBoard },
): Promise<Flashed> {
  onProgress({ step: "writing", fraction: 0 });
  await withPicoboot({ computer, transport, board, signal }, async (rom) => {
    await rom.takeFlash();
    if (image.chip.name === "RP2350" && image.place === "flash") await refusePartitions(rom);
    const sectors = sectorsOf(image);
    const count = stepCounter({ image, signal, onProgress });
    await writeAll(rom, { sectors, place: image.place, onRun: count("writing") });
    if (isVerified) await readBack(rom, sectors, count("verifying"));
    if (!isStarted) return;
    onProgress({ step: "starting", fraction: undefined });
    await startWritten(rom, image);
  });
  return { route: "picoboot", checked: isVerified ? "read back" : "written", isRunning: isStarted };
}

/** A partition table lies at the start of flash, and moves what programs see there. */
async function refusePartitions(rom: Picoboot): Promise<void> {
  if (!(await rom.hasPartitionTable())) return;
  throw new UserError(
    "The RP2350 has a partition table, and Pollscope's PICOBOOT does not know which partition to write",
    "flash it through the BOOTSEL drive or with picotool, which do",
  );
}

type OnRun = (run: Run) => void;

/** Tells how far a step is, by bytes; between two commands it can be cancelled. */
function stepCounter({ image, signal, onProgress }: Pick<Flashing, "image" | "signal" | "onProgress">) {
  const total = image.pages.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return (step: FlashProgress["step"]): OnRun => {
    let done = 0;
    return ({ bytes }) => {
      done += bytes.length;
      onProgress({ step, fraction: done / total });
      signal.throwIfAborted();
    };
  };
}

interface Writing {
  readonly sectors: readonly SectorPlan[];
  readonly place: FirmwareImage["place"];
  readonly onRun: OnRun;
}

/**
 * The first sector is erased first and written last. Without it no boot ROM starts a program: a board that was unplugged
 * half-way comes back in BOOTSEL mode by itself, instead of running a part of the program.
 */
async function writeAll(rom: Picoboot, { sectors, place, onRun }: Writing): Promise<void> {
  const [first, ...others] = sectors;
  const erase = async ({ address }: SectorPlan) => {
    if (place === "flash") await rom.erase(address, SECTOR_SIZE);
  };
  const write = async ({ runs }: SectorPlan) => {
    for (const run of runs) {
      await rom.write(run.address, run.bytes);
      onRun(run);
    }
  };
  await erase(first!);
  for (const sector of others) {
    await erase(sector);
    await write(sector);
  }
  await write(first!);
}

async function readBack(rom: Picoboot, sectors: readonly SectorPlan[], onRun: OnRun): Promise<void> {
  for (const run of sectors.flatMap(({ runs }) => runs)) {
    const found = await rom.read(run.address, run.bytes.length);
    const at = run.bytes.findIndex((byte, i) => byte !== found[i]);
    if (at !== -1) {
      throw new UserError(
        `What was read back at ${hexAddress(run.address + at)} is not what was written`,
        "flash it once more; if that does not help, the board's flash chip is worn out or smaller than said",
      );
    }
    onRun(run);
  }
}
