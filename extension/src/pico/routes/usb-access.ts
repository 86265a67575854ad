/** Lets the user who is logged in, and the group `plugdev`, use the boards and probes of Raspberry Pi. */
export const UDEV_RULES = `# Boards and debug probes of Raspberry Pi: for the user who is logged in (uaccess), and for the group plugdev.
ACTION!="add|change", GOTO="pollscope_end"
SUBSYSTEM=="usb", ATTRS{idVendor}=="2e8a", MODE="0660", GROUP="plugdev", TAG+="uaccess"
SUBSYSTEM=="tty", ATTRS{idVendor}=="2e8a", MODE="0660", GROUP="plugdev", TAG+="uaccess"
LABEL="pollscope_end"
`;

/** Before 73-seat-late.rules, which reads the tag. */
export const UDEV_RULES_FILE = "/etc/udev/rules.d/60-pollscope-pico.rules";

/** What to do about a USB device that may not be used. */
export const SET_UP_USB =
  process.platform === "linux"
    ? `run \`Pollscope: Set Up USB Access\`, or \`pollscope boards --udev-rules | sudo tee ${UDEV_RULES_FILE}\` and plug the board in again`
    : process.platform === "win32"
      ? "install the WinUSB driver for it with Zadig (https://zadig.akeo.ie), or flash through the BOOTSEL drive"
      : "close other programs that use it, and plug it in again";
