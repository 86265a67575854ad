import { UserError } from "#adapter/base/errors";
import type { Chip } from "../chip";
import { TookTooLong } from "../computer/within";
import { PRESS_BOOTSEL } from "../routes/drive-faults";
import { SET_UP_USB } from "../routes/usb-access";
import { UsbFault } from "../usb/usb-transport";
import { RomRefusal } from "./picoboot";
import { NOT_PERMITTED, statusWords } from "./status";

/** What a failed step of speaking PICOBOOT means, and what to do about it. What is no fault of USB is given back. */
export function picobootFault(error: unknown, { name }: Chip): unknown {
  if (error instanceof TookTooLong) return doesNotAnswer(name);
  if (error instanceof RomRefusal) return refusal(error, name);
  return error instanceof UsbFault ? usbFault(error, name) : error;
}

function refusal({ command, code }: RomRefusal, chip: string): UserError {
  return new UserError(
    `The boot ROM of the ${chip} has refused the command \`${command}\` (${statusWords(code ?? 0)})`,
    code === NOT_PERMITTED
      ? "use the BOOTSEL drive: the settings in this board's one-time memory or its partition table forbid it here"
      : PRESS_BOOTSEL,
  );
}

function usbFault({ kind, message }: UsbFault, chip: string): UserError {
  switch (kind) {
    case "forbidden":
      return new UserError(`You may not use the ${chip} over USB`, SET_UP_USB);
    case "no driver":
      return new UserError(
        `Windows has no driver that lets Pollscope speak PICOBOOT with the ${chip}`,
        "flash through the BOOTSEL drive, or install the WinUSB driver for its interface 1 with Zadig (https://zadig.akeo.ie)",
      );
    case "busy":
      return new UserError(
        `Another program is using the ${chip}`,
        "end picotool and other programs that flash, and try once more",
      );
    case "gone":
      return new UserError(`The ${chip} was unplugged, or restarted, before all was done`, PRESS_BOOTSEL);
    case "timeout":
      return doesNotAnswer(chip);
    case "stalled":
      return new UserError(`The ${chip} does not take commands over USB`, PRESS_BOOTSEL);
    case "other":
      return new UserError(`Something went wrong on USB with the ${chip} (${message})`, PRESS_BOOTSEL);
  }
}

function doesNotAnswer(chip: string): UserError {
  return new UserError(`The ${chip} does not answer over USB`, PRESS_BOOTSEL);
}
