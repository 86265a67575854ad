import { join } from "node:path";
import { type Chip, RP2040, RP2350 } from "../chip";
import type { Computer } from "../computer/computer";
import { isPluggedIn, ownerOf, type UsbDevice } from "./usb-device";

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
 * from what the system remembers of them: where its USB device is known, that one decides, too.
 */
export async function isStillThere(computer: Computer, { folder, chip, usb }: FoundDrive): Promise<boolean> {
  if (usb !== undefined && !(await isPluggedIn(computer, usb))) return false;
  return (await chipOfDrive(computer, folder)) === chip;
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
  const places = [...(await mountedFolders(computer, devices)), ...(await ownFolders(computer, folders))];
  const drives: FoundDrive[] = [];
  for (const { folder, usb } of places) {
    if (drives.some((drive) => drive.folder === folder)) continue;
    const chip = await chipOfDrive(computer, folder);
    if (chip !== undefined) drives.push({ chip, folder, usb });
  }
  return drives;
}

interface Place {
  readonly folder: string;
  readonly usb: UsbDevice | undefined;
}

async function mountedFolders(computer: Computer, devices: readonly UsbDevice[]): Promise<Place[]> {
  switch (computer.platform) {
    case "linux":
      return mountsOfUsb(computer, devices);
    case "macos":
      return inside(computer, "/Volumes");
    case "windows":
      return driveLetters();
  }
}

/** Only what lies on a USB device: a copy of the boot ROM's files on a hard disk is no board. */
async function mountsOfUsb(computer: Computer, devices: readonly UsbDevice[]): Promise<Place[]> {
  const mounts = (await computer.readText("/proc/self/mounts")) ?? "";
  const places: Place[] = [];
  for (const line of mounts.split("\n")) {
    const [source = "", folder = ""] = line.split(" ");
    const name = /^\/dev\/([\w-]+)$/.exec(source)?.[1];
    if (name === undefined) continue;
    const path = await computer.resolve(`/sys/class/block/${name}`);
    const usb = path === undefined ? undefined : ownerOf(path, devices);
    if (usb !== undefined) places.push({ folder: unescaped(folder), usb });
  }
  return places;
}

/** Linux writes spaces and the like in octal: `\040`. */
function unescaped(folder: string): string {
  return folder.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

async function inside(computer: Computer, folder: string): Promise<Place[]> {
  return (await computer.list(folder)).map((name) => ({ folder: join(folder, name), usb: undefined }));
}

/** A and B are floppy disks, which take seconds to say that they are not there; C is the system's. */
function driveLetters(): Place[] {
  const letters = Array.from({ length: 23 }, (_, i) => String.fromCharCode("D".charCodeAt(0) + i));
  return letters.map((letter) => ({ folder: `${letter}:\\`, usb: undefined }));
}

async function ownFolders(computer: Computer, folders: readonly string[]): Promise<Place[]> {
  const nested = await Promise.all(folders.map((folder) => inside(computer, folder)));
  return [...folders.map((folder) => ({ folder, usb: undefined })), ...nested.flat()];
}
