/** What a boot ROM says of the last command (RP2040 datasheet 2.8.5.5, RP2350 datasheet 5.6.5). */
export interface PicobootStatus {
  /** Of the command that it is about. */
  readonly token: number;
  readonly code: number;
}

/** Bytes of a status. */
export const STATUS_SIZE = 16;

export function decodeStatus(bytes: Uint8Array): PicobootStatus | undefined {
  if (bytes.length !== STATUS_SIZE) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { token: view.getUint32(0, true), code: view.getUint32(4, true) };
}

/** A command that the board's settings forbid. */
export const NOT_PERMITTED = 10;

const WORDS = [
  "no reason given",
  "unknown command",
  "wrong length of command",
  "wrong length of transfer",
  "no such address",
  "wrong alignment",
  "something else has written in between",
  "it is restarting",
  "unknown error",
  "not in this state",
  "not permitted",
  "wrong argument",
  "buffer too small",
  "something has to be done before",
  "data was changed meanwhile",
  "wrong data",
  "not found",
  "one-time memory cannot be changed so",
] as const;

/** A status in words. The RP2040 knows those up to 8. */
export function statusWords(code: number): string {
  return WORDS[code] ?? `status ${code}`;
}
