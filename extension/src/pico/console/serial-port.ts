import { UserError } from "#adapter/base/errors";

/** A serial port that is to be read. */
export interface PortSettings {
  /** `/dev/ttyACM0`, `/dev/cu.usbmodem14101`, `COM5` */
  readonly port: string;
  /** Bits per second; USB does not care. */
  readonly baud: number;
  readonly signal: AbortSignal;
}

export type SerialEvent =
  | { readonly kind: "open"; readonly port: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** The port went away, or could not be used; it is looked for again. */
  | { readonly kind: "gone" };

export function wrongBaud(port: string, baud: number): UserError {
  return new UserError(`${port} does not do ${baud} bits per second`, "choose another number: --baud 115200");
}

export function portInUse(port: string): UserError {
  return new UserError(
    `${port} is in use by another program`,
    "close it there (a console, a serial monitor), and try again",
  );
}
