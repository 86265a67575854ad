import type { UsbAccess } from "../usb/usb-transport";

/** How a program has ended. */
export interface ProgramEnd {
  /** Null if a signal has ended it. */
  readonly status: number | null;
  /** What it has written to both outputs, as lines; a carriage return ends a line, too. */
  readonly lines: readonly string[];
}

export interface ProgramRun {
  readonly program: string;
  readonly words: readonly string[];
  /** Ends the program; the promise then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Told of each line as it comes. */
  readonly onLine?: (line: string) => void;
}

/** A file that is being written, each step of which may fail with a `NodeJS.ErrnoException`. */
export interface OpenFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when the device has what was written. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** All that finding and flashing boards needs of the machine it runs on: what tests replace. */
export interface Computer {
  readonly platform: "linux" | "macos" | "windows";
  /** Variables of the environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The text of a file; undefined if it cannot be read. */
  readText(path: string): Promise<string | undefined>;
  /** Names in a folder, sorted; none if it cannot be read. */
  list(folder: string): Promise<readonly string[]>;
  /** A path without symbolic links; undefined if there is nothing. */
  resolve(path: string): Promise<string | undefined>;
  /** Creates a file, or empties one. */
  create(path: string): Promise<OpenFile>;
  /** Opens a device and keeps it open, without reading it, until it is let go; undefined if it cannot be opened. */
  hold(path: string): Promise<(() => Promise<void>) | undefined>;
  /** Runs a program without a shell; undefined if there is no such program. */
  run(run: ProgramRun): Promise<ProgramEnd | undefined>;
  /** What a program writes to its standard output, until it ends; nothing if there is no such program. */
  stream(run: Pick<ProgramRun, "program" | "words" | "signal">): AsyncIterable<Uint8Array>;
  /** USB devices, where the library for them is installed. */
  usb(): UsbAccess;
  /** A TCP port of an address of this machine that nobody listens at. */
  freePort(host: string): Promise<number>;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Resolves after some milliseconds; rejects with the signal's reason when that is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}
