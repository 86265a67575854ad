import type { Chip } from "../chip";
import type { Computer } from "../computer/computer";
import type { Board, BootDrive, BootselBoard, ProbeBoard, RunningBoard } from "./board";
import { devicesWithoutVolume, findDrives, type FoundDrive } from "./boot-drives";
import { chipOfBootRom, RASPBERRY_PI } from "./boot-roms";
import { isResetInterface, type UsbDevice } from "./usb-device";
import { usbDevices } from "./usb-devices";

export interface FindBoardsOptions {
  /** More folders that are boot ROMs' drives, or that hold them. */
  readonly driveFolders?: readonly string[];
}

/** What Embassy's examples for USB call themselves. */
const EMBASSY_EXAMPLE = { vendor: 0xc0de, product: 0xcafe };

/** All boards that are attached, by where they are plugged in. */
export async function findBoards(
  computer: Computer,
  { driveFolders = [] }: FindBoardsOptions = {},
): Promise<Board[]> {
  const devices = await usbDevices(computer);
  const drives = await findDrives(computer, devices, driveFolders);
  const alone = drives.filter(({ usb }) => usb === undefined);
  // Which of several drives is whose may not be known; each board is listed once then, as its drive.
  const unclear = new Set(
    computer.platform === "linux" ? [] : alone.flatMap(({ chip }) => devicesWithoutVolume(devices, chip)),
  );
  const onUsb = devices.flatMap((usb): Board[] => {
    const mounted = drives.find((drive) => drive.usb === usb);
    if (mounted === undefined && unclear.has(usb)) return [];
    const chip = chipOfBootRom(usb) ?? mounted?.chip;
    if (chip !== undefined) return [bootsel(usb, chip, mounted)];
    if (isProbe(usb)) return [probe(usb)];
    return isRunningPico(usb) ? [running(usb)] : [];
  });
  return [...onUsb, ...alone.map(driveAlone)];
}

function bootsel(usb: UsbDevice, chip: Chip, mounted: FoundDrive | undefined): BootselBoard {
  // The drive has one partition; a disk sorts before it: sda, sda1.
  const volume = usb.volumes.at(-1);
  const unmounted: BootDrive | undefined =
    volume === undefined ? undefined : { kind: "unmounted", device: volume.device };
  const drive: BootDrive | undefined =
    mounted === undefined ? unmounted : { kind: "mounted", folder: mounted.folder };
  return { kind: "bootsel", id: usb.port, serial: usb.serial, usb, chip, drive };
}

function driveAlone({ chip, folder }: FoundDrive): BootselBoard {
  return {
    kind: "bootsel",
    id: folder,
    serial: undefined,
    usb: undefined,
    chip,
    drive: { kind: "mounted", folder },
  };
}

function running(usb: UsbDevice): RunningBoard {
  return {
    kind: "running",
    id: usb.port,
    serial: usb.serial,
    usb,
    name: usb.name ?? "USB device",
    port: usb.serialPorts[0],
    hasResetInterface: usb.interfaces.some(isResetInterface),
  };
}

function probe(usb: UsbDevice): ProbeBoard {
  const hex = (value: number) => value.toString(16).padStart(4, "0");
  const ids = `${hex(usb.vendor)}:${hex(usb.product)}`;
  return {
    kind: "probe",
    id: usb.port,
    serial: usb.serial,
    usb,
    name: usb.name ?? "Debug probe",
    selector: usb.serial === undefined ? ids : `${ids}:${usb.serial}`,
    port: usb.serialPorts[0],
  };
}

/** CMSIS-DAP says so in the name of the device or of an interface (CMSIS-DAP, "Configure USB peripheral"). */
function isProbe({ name, interfaces }: UsbDevice): boolean {
  return [name, ...interfaces.map((each) => each.name)].some((text) => text?.includes("CMSIS-DAP"));
}

function isRunningPico({ vendor, product }: UsbDevice): boolean {
  return (
    vendor === RASPBERRY_PI || (vendor === EMBASSY_EXAMPLE.vendor && product === EMBASSY_EXAMPLE.product)
  );
}
