import { UserError } from "#adapter/base/errors";
import type { BootselBoard, RunningBoard } from "../boards/board";
import { chipOfBootRom } from "../boards/boot-roms";
import type { Computer } from "../computer/computer";
import { PRESS_BOOTSEL } from "../routes/drive-faults";
import type { UsbPeer } from "../usb/usb-transport";

/**
 * A board among the devices that the USB library sees. On Linux both number them alike. Elsewhere the serial number has
 * to do, and RP2040s may all have the same one in BOOTSEL mode.
 * @throws UserError if it is not there, or cannot be told from another one
 */
export function findPeer(
  peers: readonly UsbPeer[],
  board: BootselBoard | RunningBoard,
  platform: Computer["platform"],
): UsbPeer {
  const { usb, serial } = board;
  const what = board.kind === "bootsel" ? board.chip.name : board.name;
  const alike = peers.filter((peer) => isSameKind(peer, board));
  const numbers = platform === "linux" ? usb?.usbNumbers : undefined;
  const found =
    numbers !== undefined
      ? alike.filter(({ bus, address }) => Number(bus) === numbers.bus && address === numbers.address)
      : alike.filter((peer) => serial === undefined || peer.serial === serial);
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    throw new UserError(
      `${found.length} boards are attached that PICOBOOT cannot tell from this ${what}`,
      "unplug the others, or flash through the BOOTSEL drive",
    );
  }
  throw new UserError(`The ${what} is not to be found on USB any more`, PRESS_BOOTSEL);
}

function isSameKind(peer: UsbPeer, board: BootselBoard | RunningBoard): boolean {
  const { usb } = board;
  if (usb !== undefined) return peer.vendor === usb.vendor && peer.product === usb.product;
  return board.kind === "bootsel" && chipOfBootRom(peer) === board.chip;
}
