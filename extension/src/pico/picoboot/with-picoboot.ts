import { UserError } from "#adapter/base/errors";
import type { BootselBoard } from "../boards/board";
import type { Computer } from "../computer/computer";
import { within } from "../computer/within";
import { PRESS_BOOTSEL } from "../routes/drive-faults";
import type { UsbConnection, UsbPeer, UsbTransport } from "../usb/usb-transport";
import { findPeer } from "./find-peer";
import { Picoboot, picobootInterface } from "./picoboot";
import { picobootFault } from "./picoboot-faults";

/** Milliseconds for the system to list, open or close a device. */
const SYSTEM_TIME = 10_000;
/** Milliseconds until a board that was told to restart must have left USB; it is told to wait for 500. */
const RESTART_TIME = 10_000;
const LOOK_EVERY = 100;

export interface PicobootUse {
  readonly computer: Computer;
  readonly transport: UsbTransport;
  readonly board: BootselBoard;
  /** Looked at between commands: a command that has begun is ended, so that the boot ROM takes the next one. */
  readonly signal: AbortSignal;
}

/**
 * Speaks with the boot ROM of a board, and waits until it has gone if it was told to restart. Whatever happens, it can be
 * spoken with again, and its drive be written.
 * @throws UserError if it cannot be opened, or if something fails
 */
export async function withPicoboot<T>(picoboot: PicobootUse, use: (rom: Picoboot) => Promise<T>): Promise<T> {
  const { computer, transport, board, signal } = picoboot;
  try {
    const peers = await within(SYSTEM_TIME, computer, transport.devices());
    const peer = findPeer(peers, board, computer.platform);
    const connection = await within(SYSTEM_TIME, computer, peer.open());
    let rom: Picoboot;
    let result: T;
    try {
      rom = await claimed(picoboot, connection);
      result = await spoken(rom, signal, use);
    } finally {
      await within(SYSTEM_TIME, computer, connection.close()).catch(() => undefined);
    }
    if (rom.isRestarting) await hasGone(picoboot, peer);
    return result;
  } catch (error) {
    signal.throwIfAborted();
    throw picobootFault(error, board.chip);
  }
}

async function claimed({ computer, board }: PicobootUse, connection: UsbConnection): Promise<Picoboot> {
  const found = picobootInterface(connection);
  if (found === undefined) {
    throw new UserError(
      `The ${board.chip.name} offers no PICOBOOT on USB`,
      "flash through the BOOTSEL drive: the settings in this board's one-time memory may have switched PICOBOOT off",
    );
  }
  await within(SYSTEM_TIME, computer, connection.claim(found.number));
  return new Picoboot(computer, connection, found);
}

async function spoken<T>(rom: Picoboot, signal: AbortSignal, use: (rom: Picoboot) => Promise<T>): Promise<T> {
  try {
    await rom.reset();
    signal.throwIfAborted();
    const result = await use(rom);
    await rom.release();
    return result;
  } catch (error) {
    await rom.recover();
    throw error;
  }
}

/** Restarted, a board has another address, or another product number, or is not on USB at all. */
async function hasGone({ computer, transport, board, signal }: PicobootUse, peer: UsbPeer): Promise<void> {
  const end = computer.now() + RESTART_TIME;
  const isSame = ({ vendor, product, bus, address }: UsbPeer) =>
    vendor === peer.vendor && product === peer.product && bus === peer.bus && address === peer.address;
  while ((await within(SYSTEM_TIME, computer, transport.devices())).some(isSame)) {
    if (computer.now() >= end) {
      throw new UserError(
        `The ${board.chip.name} has not restarted ${RESTART_TIME / 1000} s after it was told to`,
        PRESS_BOOTSEL,
      );
    }
    await computer.sleep(LOOK_EVERY, signal);
  }
}
