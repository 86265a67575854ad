import { join } from "node:path";
import type { Computer } from "../computer/computer";
import type { UsbDevice, UsbInterface, Volume } from "./usb-device";

const DEVICES = "/sys/bus/usb/devices";
const BLOCKS = "/sys/class/block";
const TERMINALS = "/sys/class/tty";

/** All USB devices, as sysfs shows them. */
export async function linuxUsbDevices(computer: Computer): Promise<UsbDevice[]> {
  const names = await computer.list(DEVICES);
  const ports = names.filter((name) => /^\d+-[\d.]+$/.test(name));
  if (ports.length === 0) return [];
  const terminals = await namesByPort(computer, { folder: TERMINALS, pattern: /^tty(ACM|USB)/, ports });
  const blocks = await namesByPort(computer, { folder: BLOCKS, pattern: /./, ports });
  const mounts = await mountedFolders(computer);
  const devices = await Promise.all(
    ports.map(async (port) => {
      const serialPorts = (terminals.get(port) ?? []).map((name) => `/dev/${name}`);
      const volumes = (blocks.get(port) ?? []).map((name): Volume => {
        const device = `/dev/${name}`;
        return { device, folders: mounts.get(device) ?? [] };
      });
      return readDevice(computer, names, { port, serialPorts, volumes });
    }),
  );
  return devices.filter((device) => device !== undefined);
}

/** Whether a device has not been unplugged, and has not restarted as another one: either changes its address. */
export async function isOnLinux(computer: Computer, { port, attachment }: UsbDevice): Promise<boolean> {
  return (await attribute(computer, join(DEVICES, port, "devnum"))) === attachment;
}

async function readDevice(
  computer: Computer,
  names: readonly string[],
  place: Pick<UsbDevice, "port" | "serialPorts" | "volumes">,
): Promise<UsbDevice | undefined> {
  const { port } = place;
  const text = (name: string) => attribute(computer, join(DEVICES, port, name));
  const number = async (name: string, radix: number) => parseInt((await text(name)) ?? "", radix);
  const vendor = await number("idVendor", 16);
  const product = await number("idProduct", 16);
  const bus = await number("busnum", 10);
  const address = await number("devnum", 10);
  // It was unplugged while we looked.
  if ([vendor, product, bus, address].some((each) => Number.isNaN(each))) return undefined;
  const own = names.filter((name) => name.startsWith(`${port}:`));
  return {
    ...place,
    attachment: String(address),
    vendor,
    product,
    serial: await text("serial"),
    name: await text("product"),
    usbNumbers: { bus, address },
    interfaces: await Promise.all(own.map((name) => readInterface(computer, name))),
  };
}

async function readInterface(computer: Computer, folder: string): Promise<UsbInterface> {
  const text = (name: string) => attribute(computer, join(DEVICES, folder, name));
  const number = async (name: string) => parseInt((await text(name)) ?? "", 16);
  return {
    class: await number("bInterfaceClass"),
    subclass: await number("bInterfaceSubClass"),
    protocol: await number("bInterfaceProtocol"),
    name: await text("interface"),
  };
}

async function attribute(computer: Computer, path: string): Promise<string | undefined> {
  const text = (await computer.readText(path))?.trim();
  return text === "" ? undefined : text;
}

interface SysfsNames {
  readonly folder: string;
  /** Of the names that may belong to a USB device: there are many others. */
  readonly pattern: RegExp;
  readonly ports: readonly string[];
}

/** The names in a folder of sysfs that belong to what is in each USB port, sorted. */
async function namesByPort(
  computer: Computer,
  { folder, pattern, ports }: SysfsNames,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const byPort = new Map<string, string[]>();
  for (const name of await computer.list(folder)) {
    if (!pattern.test(name)) continue;
    const path = await computer.resolve(`${folder}/${name}`);
    const port = path === undefined ? undefined : portOf(path, ports);
    if (port !== undefined) byPort.set(port, [...(byPort.get(port) ?? []), name]);
  }
  return byPort;
}

/** A device's folder is part of the path of what belongs to it. The folders of the hubs on the way come before it. */
function portOf(path: string, ports: readonly string[]): string | undefined {
  return path
    .split("/")
    .reverse()
    .find((folder) => ports.includes(folder));
}

/** Where each device of `/dev` is mounted. */
async function mountedFolders(computer: Computer): Promise<ReadonlyMap<string, readonly string[]>> {
  const folders = new Map<string, string[]>();
  for (const line of ((await computer.readText("/proc/self/mounts")) ?? "").split("\n")) {
    const [device = "", folder = ""] = line.split(" ");
    if (/^\/dev\/[\w-]+$/.test(device)) {
      folders.set(device, [...(folders.get(device) ?? []), unescaped(folder)]);
    }
  }
  return folders;
}

/** Linux writes spaces and the like in octal: `\040`. */
function unescaped(folder: string): string {
  return folder.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
