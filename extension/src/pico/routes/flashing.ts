import type { Board } from "../boards/board";
import type { Computer } from "../computer/computer";
import type { FirmwareImage } from "../uf2/firmware-image";

/** A way to bring a program into a board. */
export type RouteName = "uf2" | "picotool" | "picoboot" | "probe-rs";

export const ROUTES: readonly RouteName[] = ["uf2", "picotool", "picoboot", "probe-rs"];

/** What is being done, and how far it is; `fraction` from 0 to 1 is undefined where nobody tells. */
export interface FlashProgress {
  readonly step: "restarting" | "mounting" | "writing" | "verifying" | "starting";
  readonly fraction: number | undefined;
}

export interface Flashing {
  readonly computer: Computer;
  readonly image: FirmwareImage;
  /** The ELF file, for tools that read it themselves. */
  readonly firmware: string;
  /** Aborted, it leaves the board so that it can be flashed again. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: FlashProgress) => void;
  /** Whether what was written is to be read back, where the route can. */
  readonly isVerified: boolean;
  /** Whether the program is to start afterwards. */
  readonly isStarted: boolean;
}

/** What is known of a board that was flashed. */
export interface Flashed {
  readonly route: RouteName;
  /**
   * How it is known that all arrived: its boot ROM counted every block, it was read back, or the tool that wrote it says
   * so.
   */
  readonly checked: "blocks counted" | "read back" | "written";
  readonly isRunning: boolean;
}

/** A board of one kind. */
export type BoardOf<Kind extends Board["kind"]> = Extract<Board, { readonly kind: Kind }>;
