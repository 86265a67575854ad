import type { SeveritySettings, Thresholds } from "./findings";

/**
 * What a launch configuration of type `pollscope` may say. Exactly one of `program`, `cargo` and `sample` names the
 * firmware. The schema in package.json has the same members; a test compares the two.
 */
export interface LaunchArguments {
  /** The firmware's ELF file, as an absolute path. */
  readonly program?: string;
  /** What cargo is to build first. The extension builds it and puts `program` in its place. */
  readonly cargo?: CargoBuild;
  /** The name of a sample that comes with Pollscope: `blink`, or with its profile `blink-dev`. */
  readonly sample?: string;
  /** Where the firmware runs: in the emulated Pico, or on a board behind a gdb server. `emulator` if not given. */
  readonly target?: TargetName;
  /** Where the gdb server of the board listens, with `target: "gdb"`: `localhost:3333`. The board is reset first. */
  readonly gdb?: string;
  /** `pico` if not given. */
  readonly board?: BoardName;
  /** Things wired to the pins, as `pollscope trace --part` takes them: `tm1637:clk=2,dio=3`. */
  readonly parts?: readonly string[];
  /**
   * What happens to the board at instants of virtual time: `press:15@1.2s`, `type:hello\n@1s`,
   * `temperature:tmp102@0x48=30@2s`, `wire:led:pin=2@3s`.
   */
  readonly stimuli?: readonly string[];
  /** Whether to stop where `main` begins. */
  readonly stopOnEntry?: boolean;
  /** How fast the firmware's time goes while it runs on; steps are always as fast as they can be. 1 if not given. */
  readonly speed?: Speed;
  /** From when on something is a finding. */
  readonly thresholds?: Thresholds;
  /** How grave findings are, by their kinds. */
  readonly findings?: SeveritySettings;
  /** Full names of types, as `my_crate::SpinGuard`, that are guards of locks which nobody can wait for. */
  readonly guardTypes?: readonly string[];
  /** Beginnings of paths as the compiler wrote them down, and what stands in their place on this machine. */
  readonly sourceMap?: Readonly<Record<string, string>>;
}

/** Virtual time by the host's: 1 is that of a real Pico. `max` is as fast as the host can, asleep some thousand times that. */
export type Speed = number | "max";

/** A build by cargo. */
export interface CargoBuild {
  /** The package, where the workspace has several. */
  readonly package?: string;
  /** The binary, where the package has several. */
  readonly bin?: string;
  /** An example instead of a binary. */
  readonly example?: string;
  /** `dev` if not given. */
  readonly profile?: string;
  readonly features?: readonly string[];
  /** More arguments for `cargo build`. */
  readonly args?: readonly string[];
  /** The folder to build in; the workspace's if not given. */
  readonly cwd?: string;
  /** Variables for cargo, beside those that are there. */
  readonly env?: Readonly<Record<string, string>>;
}

export const TARGET_NAMES = ["emulator", "gdb"] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

export const BOARD_NAMES = ["pico", "pico2"] as const;
export type BoardName = (typeof BOARD_NAMES)[number];

/** What an attach configuration of type `pollscope` may say. */
export interface AttachArguments {
  /** The ELF file of the firmware that runs on the board. */
  readonly program: string;
  /** The gdb server: `localhost:3333`. */
  readonly gdb: string;
  /** Beginnings of paths as the compiler wrote them down, and what stands in their place on this machine. */
  readonly sourceMap?: Readonly<Record<string, string>>;
}
