import { type Chip, RP2040, RP2350 } from "../chip";
import type { UsbDevice } from "./usb-device";

export const RASPBERRY_PI = 0x2e8a;
/** USB products of the boot ROMs (RP2040 datasheet 2.8.4, RP2350 datasheet 5.6). */
const PRODUCTS: Readonly<Record<number, Chip>> = { 0x0003: RP2040, 0x000f: RP2350 };

/** The chip whose boot ROM a USB device is; undefined for every other device. */
export function chipOfBootRom({ vendor, product }: Pick<UsbDevice, "vendor" | "product">): Chip | undefined {
  return vendor === RASPBERRY_PI ? PRODUCTS[product] : undefined;
}
