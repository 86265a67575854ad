import type { Computer } from "../computer/computer";
import { isOnLinux, linuxUsbDevices } from "./linux-usb";
import { macosUsbDevices } from "./macos-usb";
import type { UsbDevice } from "./usb-device";
import { windowsUsbDevices } from "./windows-usb";

/** All USB devices that the system tells of; none if it does not tell. */
export async function usbDevices(computer: Computer): Promise<readonly UsbDevice[]> {
  return (await toldDevices(computer)) ?? [];
}

/**
 * Whether a device has not been unplugged, and has not restarted as another one.
 * If the system does not tell, it counts as plugged in: its drive shows then whether it is.
 */
export async function isPluggedIn(computer: Computer, device: UsbDevice): Promise<boolean> {
  if (computer.platform === "linux") return isOnLinux(computer, device);
  const now = await toldDevices(computer);
  return (
    now?.some(({ port, attachment }) => port === device.port && attachment === device.attachment) ?? true
  );
}

/** Whether looking for devices reads some small files only; elsewhere it starts programs. */
export function isLookCheap({ platform }: Pick<Computer, "platform">): boolean {
  return platform === "linux";
}

/** Undefined if the system does not tell, or what it tells cannot be read. */
async function toldDevices(computer: Computer): Promise<readonly UsbDevice[] | undefined> {
  switch (computer.platform) {
    case "linux":
      return linuxUsbDevices(computer);
    case "macos":
      return macosUsbDevices(computer);
    case "windows":
      return windowsUsbDevices(computer);
  }
}
