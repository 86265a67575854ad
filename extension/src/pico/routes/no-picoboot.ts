import { UserError } from "#adapter/base/errors";

/** How the library for USB is installed, for the editor and the command line alike. */
const INSTALL_USB = "`npm install --prefix ~/.pollscope usb@3`";

/** What to install where nothing speaks PICOBOOT. */
export const NO_PICOBOOT = `install picotool (https://github.com/raspberrypi/picotool), or the npm package for USB (${INSTALL_USB})`;

/** Pollscope cannot speak PICOBOOT itself. */
export function noUsbLibrary(reason: string): UserError {
  return new UserError(
    `Pollscope cannot speak PICOBOOT here (${reason})`,
    `install it (${INSTALL_USB}), or flash through the BOOTSEL drive or with picotool`,
  );
}
