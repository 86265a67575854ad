import type { Computer } from "../computer/computer";
import { programOutput } from "../computer/program-output";
import { IOREG_WORDS, type Mounts, parseIoRegistry } from "./io-registry";
import type { UsbDevice } from "./usb-device";

/** All USB devices, as ioreg tells; undefined if it does not. */
export async function macosUsbDevices(computer: Computer): Promise<UsbDevice[] | undefined> {
  // Full paths: another program of that name may come first on the path.
  const [registry, mounts] = await Promise.all([
    programOutput(computer, "/usr/sbin/ioreg", IOREG_WORDS),
    programOutput(computer, "/sbin/mount", []),
  ]);
  return registry === undefined ? undefined : parseIoRegistry(registry, parseMounts(mounts ?? ""));
}

/**
 * What `mount` lists: `/dev/disk4s1 on /Volumes/RPI-RP2 (msdos, local, nodev, nosuid, noowners)`. Undefined if there is
 * no such line: something is always mounted.
 */
export function parseMounts(text: string): Mounts | undefined {
  const mounts = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [, device, folder] = /^(\/dev\/\S+) on (\/.*) \([^()]*\)\s*$/.exec(line) ?? [];
    if (device !== undefined && folder !== undefined) {
      mounts.set(device, [...(mounts.get(device) ?? []), folder]);
    }
  }
  return mounts.size === 0 ? undefined : mounts;
}
