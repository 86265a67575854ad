import { RP2040, RP2350, type Chip } from "../chip";
import type { Computer } from "../computer/computer";
import type { Board, BootDrive, BootselBoard, ProbeBoard, RunningBoard } from "./board";
import { findDrives, type FoundDrive } from "./boot-drives";
import { ownerOf, type UsbDevice, usbDevices } from "./usb-device";

export interface FindBoardsOptions {
  /** More folders that are boot ROMs' drives, or that hold them. */
  readonly driveFolders?: readonly string[];
}

const RASPBERRY_PI = 0x2e8a;
/** USB products of the boot ROMs (RP2040 datasheet 2.8.4, RP2350 datasheet 5.6). */
const BOOT_ROMS: Readonly<Record<number, Chip>> = { 0x0003: RP2040, 0x000f: RP2350 };
/** What Embassy's examples for USB call themselves. */
const EMBASSY_EXAMPLE = { vendor: 0xc0de, product: 0xcafe };

/** All boards that are attached, by where they are plugged in. */
export async function findBoards(
  computer: Computer,
  { driveFolders = [] }: FindBoardsOptions = {},
): Promise<Board[]> {
  const devices = await usbDevices(computer);
  const drives = await findDrives(computer, devices, driveFolders);
  const blocks = await namesOf(computer, { folder: "/sys/class/block", pattern: /./, devices });
  const ports = await namesOf(computer, { folder: "/sys/class/tty", pattern: /^tty(ACM|USB)/, devices });
  const onUsb = devices.flatMap((usb): Board[] => {
    const rom = usb.vendor === RASPBERRY_PI ? BOOT_ROMS[usb.product] : undefined;
    const mounted = drives.find((drive) => drive.usb === usb);
    const chip = rom ?? mounted?.chip;
    if (chip !== undefined) return [bootsel(usb, chip, mounted, blocks.get(usb))];
    const tty = ports.get(usb)?.[0];
    const port = tty === undefined ? undefined : `/dev/${tty}`;
    if (isProbe(usb)) return [probe(usb, port)];
    return isRunningPico(usb) ? [running(usb, port)] : [];
  });
  const elsewhere = drives.filter(({ usb }) => usb === undefined).map(driveAlone);
  return [...onUsb, ...elsewhere];
}

function bootsel(
  usb: UsbDevice,
  chip: Chip,
  mounted: FoundDrive | undefined,
  blocks: readonly string[] | undefined,
): BootselBoard {
  // The drive has one partition; a disk sorts before it: sda, sda1.
  const partition = blocks?.at(-1);
  const unmounted: BootDrive | undefined =
    partition === undefined ? undefined : { kind: "unmounted", device: `/dev/${partition}` };
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

function running(usb: UsbDevice, port: string | undefined): RunningBoard {
  return {
    kind: "running",
    id: usb.port,
    serial: usb.serial,
    usb,
    name: usb.name ?? "USB device",
    port,
    // pico-sdk, `pico_usb_reset_interface.h`.
    hasResetInterface: usb.interfaces.some(
      (each) => each.class === 0xff && each.subclass === 0x00 && each.protocol === 0x01,
    ),
  };
}

function probe(usb: UsbDevice, port: string | undefined): ProbeBoard {
  const hex = (value: number) => value.toString(16).padStart(4, "0");
  const ids = `${hex(usb.vendor)}:${hex(usb.product)}`;
  return {
    kind: "probe",
    id: usb.port,
    serial: usb.serial,
    usb,
    name: usb.name ?? "Debug probe",
    selector: usb.serial === undefined ? ids : `${ids}:${usb.serial}`,
    port,
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

interface SysfsNames {
  readonly folder: string;
  /** Of the names that may belong to a USB device: there are many others. */
  readonly pattern: RegExp;
  readonly devices: readonly UsbDevice[];
}

/** The names in a folder of sysfs that belong to each USB device, sorted. */
async function namesOf(
  computer: Computer,
  { folder, pattern, devices }: SysfsNames,
): Promise<ReadonlyMap<UsbDevice, readonly string[]>> {
  const names = new Map<UsbDevice, string[]>();
  if (devices.length === 0) return names;
  for (const name of await computer.list(folder)) {
    if (!pattern.test(name)) continue;
    const path = await computer.resolve(`${folder}/${name}`);
    const owner = path === undefined ? undefined : ownerOf(path, devices);
    if (owner !== undefined) names.set(owner, [...(names.get(owner) ?? []), name]);
  }
  return names;
}
