import type { Chip } from "../chip";
import type { UsbDevice } from "./usb-device";

/** What the boot ROM shows of itself as a drive. */
export type BootDrive =
  | { readonly kind: "mounted"; readonly folder: string }
  /** The desktop has not mounted it; `device` is its partition. */
  | { readonly kind: "unmounted"; readonly device: string };

interface Attached {
  /** Tells boards apart for as long as they stay plugged in where they are: a USB port, or the folder of a drive. */
  readonly id: string;
  /** As the board tells it; boards of one kind may all have the same one in BOOTSEL mode. */
  readonly serial: string | undefined;
  readonly usb: UsbDevice | undefined;
}

/** A board whose boot ROM waits for a program. */
export interface BootselBoard extends Attached {
  readonly kind: "bootsel";
  readonly chip: Chip;
  /** Undefined if the boot ROM's drive is switched off, or not there yet. */
  readonly drive: BootDrive | undefined;
}

/** A board whose program speaks USB. Which chip it has is not known from outside. */
export interface RunningBoard extends Attached {
  readonly kind: "running";
  /** What the program calls itself. */
  readonly name: string;
  /** Its serial port: `/dev/ttyACM0`. */
  readonly port: string | undefined;
  /** Whether the program has pico-sdk's interface to restart the board. */
  readonly hasResetInterface: boolean;
}

/** A debug probe; what hangs on it is not known before it is used. */
export interface ProbeBoard extends Attached {
  readonly kind: "probe";
  readonly name: string;
  /** As probe-rs names it: `2e8a:000c:E661`. */
  readonly selector: string;
  /** The serial port that it offers for the board's UART. */
  readonly port: string | undefined;
}

/** One thing on a USB port through which a board can be flashed. */
export type Board = BootselBoard | RunningBoard | ProbeBoard;

/** What a board is: `RP2040 in BOOTSEL mode`. */
export function boardName(board: Board): string {
  switch (board.kind) {
    case "bootsel":
      return `${board.chip.name} in BOOTSEL mode`;
    case "running":
      return `${board.name} (running)`;
    case "probe":
      return board.name;
  }
}

/** A board in a few words: `RP2040 in BOOTSEL mode, E0C9125B0D9B`. */
export function boardTitle(board: Board): string {
  return `${boardName(board)}, ${board.serial ?? board.id}`;
}
