import { join } from "node:path";
import { type Chip, RP2040, RP2350 } from "../chip";
import type { Computer } from "../computer/computer";
import { chipOfBootRom } from "./boot-roms";
import type { UsbDevice } from "./usb-device";
import { isPluggedIn } from "./usb-devices";

/** A drive that a boot ROM shows, or the place where it could be mounted. */
export interface FoundDrive {
  readonly chip: Chip;
  readonly folder: string;
  readonly usb: UsbDevice | undefined;
}

/** The files that a boot ROM's drive has (RP2040 datasheet 2.8.4.1). */
export const INFO_FILE = "INFO_UF2.TXT";
const INDEX_FILE = "INDEX.HTM";

const CHIPS: Readonly<Record<string, Chip>> = { "RPI-RP2": RP2040, RP2350 };

/**
 * The chip whose boot ROM shows a folder as its drive; undefined for every other folder.
 * Other boards have such a file, too: only the two names of Raspberry Pi's boot ROMs count.
 */
export async function chipOfDrive(computer: Computer, folder: string): Promise<Chip | undefined> {
  const info = await computer.readText(join(folder, INFO_FILE));
  if (info?.startsWith("UF2 Bootloader") !== true) return undefined;
  const board = /^Board-ID:\s*(\S+)\s*$/m.exec(info)?.[1];
  const chip = board !== undefined && Object.hasOwn(CHIPS, board) ? CHIPS[board] : undefined;
  if (chip === undefined) return undefined;
  return (await computer.list(folder)).includes(INDEX_FILE) ? chip : undefined;
}

/**
 * Whether a drive that was found is still there. A drive that was pulled out may stay mounted, and its files be read
 * from what the system remembers of them: where its USB device is known, that one decides, too. It is asked last, for
 * it may take a program to ask.
 */
export async function isStillThere(computer: Computer, { folder, chip, usb }: FoundDrive): Promise<boolean> {
  if ((await chipOfDrive(computer, folder)) !== chip) return false;
  return usb === undefined || isPluggedIn(computer, usb);
}

/**
 * The drives that are mounted.
 * @param folders more folders that are such drives, or that hold them
 */
export async function findDrives(
  computer: Computer,
  devices: readonly UsbDevice[],
  folders: readonly string[],
): Promise<FoundDrive[]> {
  const onUsb = devices.flatMap((usb) =>
    usb.volumes.flatMap((volume) => volume.folders.map((folder): Place => ({ folder, usb }))),
  );
  const told = await drivesAt(computer, onUsb, []);
  const seen = await drivesAt(computer, await systemsPlaces(computer), told);
  const known = [...told, ...withDevices(seen, devices)];
  return [...known, ...(await drivesAt(computer, await ownPlaces(computer, folders), known))];
}

interface Place {
  readonly folder: string;
  readonly usb: UsbDevice | undefined;
}

/** Those places that are drives of boot ROMs, without those that are known. */
async function drivesAt(
  computer: Computer,
  places: readonly Place[],
  known: readonly FoundDrive[],
): Promise<FoundDrive[]> {
  const drives: FoundDrive[] = [];
  for (const { folder, usb } of places) {
    if ([...known, ...drives].some((drive) => drive.folder === folder)) continue;
    const chip = await chipOfDrive(computer, folder);
    if (chip !== undefined) drives.push({ chip, folder, usb });
  }
  return drives;
}

/**
 * Where the system shows drives, whatever it tells of USB. On Linux sysfs tells all, so there a copy of the boot ROM's
 * files on a hard disk is no board.
 */
async function systemsPlaces(computer: Computer): Promise<Place[]> {
  switch (computer.platform) {
    case "linux":
      return [];
    case "macos":
      return inside(computer, "/Volumes");
    case "windows":
      return driveLetters();
  }
}

/**
 * Gives a drive that was seen only the boot ROM of which no volume was told, if there is one of each: it is the same
 * board.
 */
function withDevices(seen: readonly FoundDrive[], devices: readonly UsbDevice[]): FoundDrive[] {
  return seen.map((drive) => {
    const alike = seen.filter(({ chip }) => chip === drive.chip);
    const without = devicesWithoutVolume(devices, drive.chip);
    return alike.length === 1 && without.length === 1 ? { ...drive, usb: without[0] } : drive;
  });
}

/** The boot ROMs of a chip of which the system does not tell what drive they show. */
export function devicesWithoutVolume(devices: readonly UsbDevice[], chip: Chip): UsbDevice[] {
  return devices.filter((usb) => chipOfBootRom(usb) === chip && usb.volumes.length === 0);
}

async function inside(computer: Computer, folder: string): Promise<Place[]> {
  return (await computer.list(folder)).map((name) => ({ folder: join(folder, name), usb: undefined }));
}

/** A and B are floppy disks, which take seconds to say that they are not there; C is the system's. */
function driveLetters(): Place[] {
  const letters = Array.from({ length: 23 }, (_, i) => String.fromCharCode("D".charCodeAt(0) + i));
  return letters.map((letter) => ({ folder: `${letter}:\\`, usb: undefined }));
}

async function ownPlaces(computer: Computer, folders: readonly string[]): Promise<Place[]> {
  const nested = await Promise.all(folders.map((folder) => inside(computer, folder)));
  return [...folders.map((folder) => ({ folder, usb: undefined })), ...nested.flat()];
}
