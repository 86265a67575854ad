import type { Computer } from "../computer/computer";
import { powershell } from "../computer/powershell";
import { programOutput } from "../computer/program-output";
import { parsePnpDevices, PNP_SCRIPT } from "./pnp-devices";
import type { UsbDevice } from "./usb-device";

/** All USB devices, as Windows tells a script of PowerShell; undefined if it does not. */
export async function windowsUsbDevices(computer: Computer): Promise<UsbDevice[] | undefined> {
  const { program, words } = powershell(computer, PNP_SCRIPT);
  const text = await programOutput(computer, program, words);
  return text === undefined ? undefined : parsePnpDevices(text);
}
