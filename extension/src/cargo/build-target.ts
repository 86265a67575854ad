import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse, TomlError } from "smol-toml";
import { UserError } from "#adapter/base/errors";

/** What the cores of an RP2040 execute. */
export const PICO_TRIPLE = "thumbv6m-none-eabi";

/** What finding the build target needs of the world. */
export interface CargoSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder in which cargo keeps its own settings, usually `~/.cargo`. */
  readonly cargoHome: string;
}

/**
 * The target that cargo builds for in `folder`: what the environment says, else the nearest configuration file
 * that sets one ("Configuration", the Cargo book); undefined if nothing does, which means the machine itself.
 * @throws UserError if a configuration file cannot be understood
 */
export async function configuredTriple(
  folder: string,
  { environment, cargoHome }: CargoSurroundings,
): Promise<string | undefined> {
  const fromEnvironment = environment["CARGO_BUILD_TARGET"];
  if (fromEnvironment !== undefined && fromEnvironment !== "") return fromEnvironment;
  for (const place of [...ancestors(folder).map((each) => join(each, ".cargo")), cargoHome]) {
    const triple =
      (await readTriple(join(place, "config.toml"))) ?? (await readTriple(join(place, "config")));
    if (triple !== undefined) return triple;
  }
  return undefined;
}

/** What the cores of an RP2350 execute, beside the RP2040's own code. */
export const PICO_2_TRIPLES: readonly string[] = [
  "thumbv8m.main-none-eabihf",
  "thumbv8m.main-none-eabi",
  "riscv32imac-unknown-none-elf",
];

/**
 * The target to name to cargo, or undefined where the project names the right one itself.
 * @param others targets that will do beside the RP2040's
 * @throws UserError if the project is for another chip
 */
export function tripleToAdd(
  configured: string | undefined,
  others: readonly string[] = [],
): string | undefined {
  if (configured === undefined) return PICO_TRIPLE;
  if (configured === PICO_TRIPLE || others.includes(configured)) return undefined;
  throw new UserError(
    `This project builds for ${configured}, and Pollscope runs firmware for the RP2040 of the Pico (${PICO_TRIPLE})`,
    `set \`target = "${PICO_TRIPLE}"\` under \`[build]\` in .cargo/config.toml, or debug a project for the Pico`,
  );
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

async function readTriple(file: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return undefined;
  }
  const { build } = parseToml(text, file) as { build?: { target?: unknown } };
  const target: unknown = Array.isArray(build?.target) ? build.target[0] : build?.target;
  return typeof target === "string" ? target : undefined;
}

function parseToml(text: string, file: string): object {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new UserError(
      `${file} is no valid TOML (line ${error.line}: ${error.message.split("\n")[0] ?? ""})`,
      "correct the file",
    );
  }
}
