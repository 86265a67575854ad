import { join } from "node:path";
import type { Computer } from "../computer/computer";

/** A USB device as Linux shows it in `/sys/bus/usb/devices`. */
export interface UsbDevice {
  /** The port it is plugged into: `1-4.2`. */
  readonly port: string;
  readonly vendor: number;
  readonly product: number;
  readonly serial: string | undefined;
  readonly maker: string | undefined;
  readonly name: string | undefined;
  /** As `lsusb` numbers it. */
  readonly bus: number;
  readonly address: number;
  readonly interfaces: readonly UsbInterface[];
}

export interface UsbInterface {
  readonly class: number;
  readonly subclass: number;
  readonly protocol: number;
  readonly name: string | undefined;
}

const DEVICES = "/sys/bus/usb/devices";

/** All USB devices that Linux knows; none on other systems. */
export async function usbDevices(computer: Computer): Promise<UsbDevice[]> {
  if (computer.platform !== "linux") return [];
  const names = await computer.list(DEVICES);
  const ports = names.filter((name) => /^\d+-[\d.]+$/.test(name));
  const devices = await Promise.all(ports.map((port) => readDevice(computer, port, names)));
  return devices.filter((device) => device !== undefined);
}

async function readDevice(
  computer: Computer,
  port: string,
  names: readonly string[],
): Promise<UsbDevice | undefined> {
  const text = (name: string) => attribute(computer, join(DEVICES, port, name));
  const number = async (name: string, radix: number) => parseInt((await text(name)) ?? "", radix);
  const vendor = await number("idVendor", 16);
  const product = await number("idProduct", 16);
  // It was unplugged while we looked.
  if (Number.isNaN(vendor) || Number.isNaN(product)) return undefined;
  const own = names.filter((name) => name.startsWith(`${port}:`));
  return {
    port,
    vendor,
    product,
    serial: await text("serial"),
    maker: await text("manufacturer"),
    name: await text("product"),
    bus: await number("busnum", 10),
    address: await number("devnum", 10),
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

/** Whether a device has not been unplugged, and has not restarted as another one: either changes its address. */
export async function isPluggedIn(computer: Computer, { port, address }: UsbDevice): Promise<boolean> {
  return (await attribute(computer, join(DEVICES, port, "devnum"))) === String(address);
}

/**
 * The device that a block device or a serial port belongs to: its folder is part of their path in sysfs. The folders of
 * the hubs on the way come before it.
 */
export function ownerOf(path: string, devices: readonly UsbDevice[]): UsbDevice | undefined {
  for (const folder of path.split("/").reverse()) {
    const owner = devices.find(({ port }) => port === folder);
    if (owner !== undefined) return owner;
  }
  return undefined;
}
