/** The machine that samples are built for, as rustc calls it. */
export const TARGET: string;

/** A Rust compiler that can build for the RP2040. */
export interface Toolchain {
  readonly rustc: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * @param targetDir where a sysroot may be built and kept
 * @throws BuildError if there is no such compiler, with what to install
 */
export function findToolchain(targetDir: string): Toolchain;

/** The flags that samples are built with. @param repository whose path is left out of debug info */
export function rustFlags(toolchain: Toolchain, repository: string): string[];
