import { UserError } from "#adapter/base/errors";
import type { RunningBoard } from "../boards/board";
import { isResetInterface } from "../boards/usb-device";
import type { Computer } from "../computer/computer";
import { TookTooLong, within } from "../computer/within";
import { findPeer } from "../picoboot/find-peer";
import { type UsbConnection, UsbFault, type UsbTransport } from "../usb/usb-transport";
import { PRESS_BOOTSEL } from "./drive-faults";
import { SET_UP_USB } from "./usb-access";

/** The request of pico-sdk's reset interface that sends a board to BOOTSEL mode (`pico/usb_reset_interface.h`). */
const RESET_TO_BOOTSEL = 1;
/** Milliseconds for each step. */
const TIME = 3000;

/**
 * Tells a running program of pico-sdk to restart its board in BOOTSEL mode, by its reset interface.
 * @throws UserError if it cannot be told
 */
export async function resetToBootsel(
  computer: Computer,
  board: RunningBoard,
  transport: UsbTransport,
): Promise<void> {
  try {
    const peers = await within(TIME, computer, transport.devices());
    const connection = await within(TIME, computer, findPeer(peers, board, computer.platform).open());
    try {
      await request(computer, board, connection);
    } finally {
      await within(TIME, computer, connection.close()).catch(() => undefined);
    }
  } catch (error) {
    throw resetFault(error, board);
  }
}

async function request(computer: Computer, board: RunningBoard, connection: UsbConnection): Promise<void> {
  const found = connection.interfaces.find(isResetInterface);
  if (found === undefined) throw new UserError(`${board.name} has no reset interface`, PRESS_BOOTSEL);
  await within(TIME, computer, connection.claim(found.number));
  const reset = { type: "class", request: RESET_TO_BOOTSEL, value: 0, interface: found.number } as const;
  try {
    await within(TIME, computer, connection.control(reset, TIME));
  } catch (error) {
    // It restarts at once and may not answer any more: whether it comes back in BOOTSEL mode is what counts.
    if (!(error instanceof UsbFault) || error.kind === "stalled") throw error;
  }
}

function resetFault(error: unknown, { name }: RunningBoard): unknown {
  if (error instanceof UsbFault && error.kind === "forbidden") {
    return new UserError(`You may not use ${name} over USB`, SET_UP_USB);
  }
  if (!(error instanceof UsbFault) && !(error instanceof TookTooLong)) return error;
  return new UserError(
    `${name} cannot be sent to BOOTSEL mode by its reset interface (${error.message})`,
    PRESS_BOOTSEL,
  );
}
