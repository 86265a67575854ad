import type { Nanoseconds } from "#adapter/base/brand";
import type { Severity } from "#adapter/analysis/finding";
import type { Thresholds } from "#adapter/analysis/thresholds";
import type { LintSettings } from "#extension/lints/linter";
import type { RouteName } from "#extension/pico/routes/flashing";
import type { Family } from "#extension/pico/uf2/families";

/** What every command that runs firmware is told: the firmware, what is wired to the board, and what happens to it. */
export interface BoardRequest {
  readonly firmware: string;
  /** As `tm1637:clk=2,dio=3`. */
  readonly parts: readonly string[];
  /** As `15@1.2s`. */
  readonly presses: readonly string[];
  /** As `hello\n@1s`. */
  readonly types: readonly string[];
}

/** Runs a firmware to an instant, to look at it there. */
export interface InstantRequest extends BoardRequest {
  readonly at: Nanoseconds;
}

export interface TraceRequest extends BoardRequest {
  readonly command: "trace";
  readonly duration: Nanoseconds;
  readonly isJson: boolean;
  readonly task: string | undefined;
  readonly save: string | undefined;
}

export interface CheckRequest extends BoardRequest {
  readonly command: "check";
  readonly duration: Nanoseconds;
  readonly isJson: boolean;
  /** Where a SARIF report goes. */
  readonly sarif: string | undefined;
  /** The exit status tells of findings of at least this severity. */
  readonly failOn: Severity;
  readonly thresholds: Partial<Thresholds>;
  /** Full names of types that are guards of a lock which nobody can wait for. */
  readonly guardTypes: readonly string[];
}

export interface FuturesRequest {
  readonly command: "futures";
  readonly firmware: string;
  readonly isJson: boolean;
  readonly isOwnOnly: boolean;
}

export interface TasksRequest extends InstantRequest {
  readonly command: "tasks";
  readonly isJson: boolean;
  /** Only this task, or all slots of a pool of that name. */
  readonly task: string | undefined;
}

export interface StackRequest extends InstantRequest {
  readonly command: "stack";
  readonly isJson: boolean;
}

export interface PrintRequest extends InstantRequest {
  readonly command: "print";
  /** As `LATEST.value + 1`. */
  readonly expression: string;
  /** The frame whose variables it may name, from 0 for the innermost, as `pollscope stack` numbers them. */
  readonly frame: number;
  readonly isJson: boolean;
}

export interface WhyRequest extends InstantRequest {
  readonly command: "why";
  /** Only this task, or all slots of a pool of that name; undefined for all that are alive. */
  readonly task: string | undefined;
  readonly isJson: boolean;
}

export interface LintRequest {
  readonly command: "lint";
  /** Files and folders; the working folder if there are none. */
  readonly paths: readonly string[];
  readonly isJson: boolean;
  /** Where a SARIF report goes. */
  readonly sarif: string | undefined;
  /** Whether safe fixes are made. */
  readonly isFixing: boolean;
  readonly failOn: Severity;
  /** As `timer-loop-drift=off`. */
  readonly severities: LintSettings["severities"];
  /** Firmware that was built from the sources, and judges what is found in them. */
  readonly elfs: readonly string[];
}

export interface GdbServerRequest extends BoardRequest {
  readonly command: "gdb-server";
  /** A TCP port of this machine; 0 for any that is free. */
  readonly port: number;
}

export interface ExportRequest {
  readonly command: "export";
  /** The trace, a `.pollscope` file. */
  readonly trace: string;
  /** Where it goes in Perfetto's form. */
  readonly perfetto: string;
}

export interface FlashRequest {
  readonly command: "flash";
  readonly firmware: string;
  /** A serial number, a USB port, or a drive's folder; undefined for the only one. */
  readonly board: string | undefined;
  readonly route: RouteName | undefined;
  readonly isVerified: boolean;
  readonly isStarted: boolean;
  /** In bytes; undefined for that of Raspberry Pi's own board. */
  readonly flashSize: number | undefined;
  readonly driveFolders: readonly string[];
}

export interface BoardsRequest {
  readonly command: "boards";
  readonly isJson: boolean;
  /** Print udev rules instead of boards. */
  readonly isUdevRules: boolean;
  readonly driveFolders: readonly string[];
}

export interface Uf2Request {
  readonly command: "uf2";
  readonly firmware: string;
  /** Where the UF2 file goes. */
  readonly out: string;
  /** Whose boot ROM is to take it; undefined for the one that the firmware is made for. */
  readonly family: Family | undefined;
  readonly hasE10Block: boolean;
}

export interface ConsoleRequest {
  readonly command: "console";
  /** The ELF whose defmt messages come; undefined for text. */
  readonly firmware: string | undefined;
  readonly board: string | undefined;
  /** A serial port, instead of a board. */
  readonly port: string | undefined;
  /** Bits per second, for a UART behind a probe. */
  readonly baud: number;
  /** Decode defmt, even if the firmware has RTT to send it by. */
  readonly isDefmt: boolean;
  /** Only lines with this text. */
  readonly filter: string | undefined;
  /** Where all lines go, too. */
  readonly save: string | undefined;
  readonly hasTimes: boolean;
  readonly driveFolders: readonly string[];
}

/** Commands about real boards. */
export type BoardCommand = FlashRequest | BoardsRequest | Uf2Request | ConsoleRequest;

export type Request =
  | ExportRequest
  | BoardCommand
  | TraceRequest
  | CheckRequest
  | FuturesRequest
  | TasksRequest
  | StackRequest
  | PrintRequest
  | WhyRequest
  | LintRequest
  | GdbServerRequest
  | { readonly command: "dap" }
  | { readonly command: "help"; readonly topic: string | undefined }
  | { readonly command: "version" };
