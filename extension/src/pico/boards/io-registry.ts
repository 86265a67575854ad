import { type PropertyDict, type PropertyValue, parsePropertyList } from "./property-list";
import type { UsbDevice, UsbInterface, Volume } from "./usb-device";

/** Where each device of `/dev` is mounted. */
export type Mounts = ReadonlyMap<string, readonly string[]>;

/** What ioreg is asked for: every USB device, with all that hangs on it, as a property list. */
export const IOREG_WORDS = ["-r", "-c", "IOUSBHostDevice", "-l", "-w0", "-a"];

/**
 * The USB devices in what `ioreg` writes; undefined if that cannot be read.
 * An entry has its properties and, as `IORegistryEntryChildren`, the entries of what was found in it: a device has
 * interfaces, and they have drivers, which have the serial port or the disk (`IOUSBHostFamily`, `IOSerialFamily`,
 * `IOStorageFamily`).
 * @param mounts undefined if it is not known what is mounted: then no volume is told, rather than one that is mounted
 * for one that is not
 */
export function parseIoRegistry(text: string, mounts: Mounts | undefined): UsbDevice[] | undefined {
  const root = parsePropertyList(text);
  if (!Array.isArray(root)) return undefined;
  const found = new Map<number, Found>();
  for (const entry of root as readonly PropertyValue[]) visit(entry, undefined, found);
  return [...found.values()].map((device) => toDevice(device, mounts));
}

interface Found {
  readonly entry: PropertyDict;
  readonly location: number;
  readonly vendor: number;
  readonly product: number;
  readonly interfaces: UsbInterface[];
  readonly serialPorts: Set<string>;
  /** Names of disks and partitions. */
  readonly disks: Set<string>;
}

/** A device behind a hub may be told twice, in the hub and by itself; both say the same. */
function visit(value: PropertyValue, owner: Found | undefined, found: Map<number, Found>): void {
  if (!(value instanceof Map)) return;
  const entry = value as PropertyDict;
  const device = asDevice(entry);
  if (device !== undefined) found.set(device.location, device);
  const nearest = device ?? owner;
  if (nearest !== undefined) note(entry, nearest);
  const children = entry.get("IORegistryEntryChildren");
  if (!Array.isArray(children)) return;
  for (const child of children as readonly PropertyValue[]) visit(child, nearest, found);
}

/** Drivers repeat vendor and product of what they drive, so the class decides; it was called IOUSBDevice before. */
function asDevice(entry: PropertyDict): Found | undefined {
  if (!/USB(Host)?Device$/.test(text(entry, "IOObjectClass") ?? "")) return undefined;
  const location = number(entry, "locationID");
  const vendor = number(entry, "idVendor");
  const product = number(entry, "idProduct");
  if (location === undefined || vendor === undefined || product === undefined) return undefined;
  return { entry, location, vendor, product, interfaces: [], serialPorts: new Set(), disks: new Set() };
}

function note(entry: PropertyDict, { interfaces, serialPorts, disks }: Found): void {
  const usbInterface = asInterface(entry);
  if (usbInterface !== undefined) interfaces.push(usbInterface);
  // The other one, tty, waits for a carrier when it is opened.
  const callout = text(entry, "IOCalloutDevice");
  if (callout?.startsWith("/dev/") === true) serialPorts.add(callout);
  const disk = text(entry, "BSD Name");
  if (disk !== undefined && /^disk\d+(s\d+)*$/.test(disk)) disks.add(disk);
}

function asInterface(entry: PropertyDict): UsbInterface | undefined {
  if (!/USB(Host)?Interface$/.test(text(entry, "IOObjectClass") ?? "")) return undefined;
  const [usbClass, subclass, protocol] = ["bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol"].map(
    (key) => number(entry, key),
  );
  if (usbClass === undefined || subclass === undefined || protocol === undefined) return undefined;
  return { class: usbClass, subclass, protocol, name: text(entry, "USB Interface Name", "kUSBString") };
}

function toDevice(found: Found, mounts: Mounts | undefined): UsbDevice {
  const { entry, location, vendor, product, interfaces, serialPorts, disks } = found;
  const address = number(entry, "USB Address", "kUSBAddress");
  const session = number(entry, "sessionID", "IORegistryEntryID");
  const names = mounts === undefined ? [] : [...disks].map((disk) => `/dev/${disk}`).sort();
  return {
    // As System Information writes it.
    port: `0x${location.toString(16).padStart(8, "0")}`,
    attachment: `${session ?? "?"}/${address ?? "?"}`,
    vendor,
    product,
    serial: text(entry, "USB Serial Number", "kUSBSerialNumberString"),
    name: text(entry, "USB Product Name", "kUSBProductString"),
    // libusb takes the first byte of the location for the bus (its darwin_usb.c).
    usbNumbers: address === undefined ? undefined : { bus: Math.floor(location / 0x100_0000), address },
    interfaces,
    serialPorts: [...serialPorts].sort(),
    volumes: names.map((device): Volume => ({ device, folders: mounts?.get(device) ?? [] })),
  };
}

/** The text of the first of these properties that is there; names have changed between versions of macOS. */
function text(entry: PropertyDict, ...keys: readonly string[]): string | undefined {
  return keys
    .map((key) => entry.get(key))
    .find((value): value is string => typeof value === "string" && value.trim() !== "")
    ?.trim();
}

function number(entry: PropertyDict, ...keys: readonly string[]): number | undefined {
  return keys
    .map((key) => entry.get(key))
    .find((value): value is number => typeof value === "number" && Number.isInteger(value) && value >= 0);
}
