/** A USB device, as the system tells of it. */
export interface UsbDevice {
  /**
   * The port it is plugged into, in the system's own words: `1-4.2` on Linux, the location `0x14120000` on macOS, hub and
   * port `1-4` on Windows.
   */
  readonly port: string;
  /** Becomes another one when the device is unplugged, or restarts as another one, as far as the system tells. */
  readonly attachment: string;
  readonly vendor: number;
  readonly product: number;
  readonly serial: string | undefined;
  readonly name: string | undefined;
  /** As libusb numbers it, and so picotool; undefined where that cannot be known from outside. */
  readonly usbNumbers: UsbNumbers | undefined;
  readonly interfaces: readonly UsbInterface[];
  /** As programs open them, sorted: `/dev/ttyACM0`, `/dev/cu.usbmodem14101`, `COM5`. */
  readonly serialPorts: readonly string[];
  /** What of its disks can be mounted, sorted; a disk with partitions comes before them. */
  readonly volumes: readonly Volume[];
}

export interface UsbNumbers {
  readonly bus: number;
  readonly address: number;
}

export interface UsbInterface {
  readonly class: number;
  readonly subclass: number;
  readonly protocol: number;
  readonly name: string | undefined;
}

export interface Volume {
  /** `/dev/sda1`, `/dev/disk4s1`, `E:` */
  readonly device: string;
  /** Where it is mounted. */
  readonly folders: readonly string[];
}

/** Whether an interface is pico-sdk's to restart a board (`pico_usb_reset_interface.h`). */
export function isResetInterface(each: Omit<UsbInterface, "name">): boolean {
  return each.class === 0xff && each.subclass === 0x00 && each.protocol === 0x01;
}
