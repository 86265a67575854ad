import { UserError } from "#adapter/base/errors";
import type { ProbeBoard } from "../boards/board";
import type { Chip } from "../chip";
import type { ProgramEnd } from "../computer/computer";
import type { Family } from "../uf2/families";
import type { Flashed, Flashing } from "./flashing";
import { runTool } from "./run-tool";
import { SET_UP_USB } from "./usb-access";

/** What probe-rs calls the core that a program is for. */
export function probeRsChip(chip: Chip, family: Family): string {
  if (chip.name === "RP2040") return "RP2040";
  return family === "rp2350-riscv" ? "RP235x_riscv" : "RP235x";
}

/**
 * Lets probe-rs write a program through a debug probe. It tells how far it is to terminals only, so there is no
 * fraction.
 * @throws UserError with what probe-rs says if it cannot
 */
export async function flashWithProbeRs(
  { computer, image, firmware, signal, onProgress, isVerified, isStarted }: Flashing,
  { program, board }: { readonly program: string; readonly board: ProbeBoard },
): Promise<Flashed> {
  const chip = probeRsChip(image.chip, image.family);
  const probe = ["--chip", chip, "--probe", board.selector, "--non-interactive"];
  const run = async (words: readonly string[]) => {
    const end = await runTool(computer, { program, words, signal });
    if (end?.status !== 0) throw probeRsFault(end, image.name, chip);
  };
  onProgress({ step: "writing", fraction: undefined });
  await run(["download", ...probe, "--disable-progressbars", ...(isVerified ? ["--verify"] : []), firmware]);
  if (isStarted) {
    onProgress({ step: "starting", fraction: undefined });
    await run(["reset", ...probe]);
  }
  return { route: "probe-rs", checked: isVerified ? "read back" : "written", isRunning: isStarted };
}

/** What probe-rs means when it fails: `Error: ...`, then a list of causes, of which the last says most. */
export function probeRsFault(end: ProgramEnd | undefined, name: string, chip: string): UserError {
  if (end === undefined) {
    return new UserError(
      "There is no probe-rs here, which a debug probe needs",
      "install it (https://probe.rs), or hold BOOTSEL while you plug the board itself in",
    );
  }
  const said = end.lines.map((line) => line.trim());
  const has = (pattern: RegExp) => said.some((line) => pattern.test(line));
  if (has(/permission|inaccessible/i)) {
    return new UserError("probe-rs sees the debug probe, but may not use it", SET_UP_USB);
  }
  if (has(/Probe not found/)) return new UserError("The debug probe is gone", "plug it in again");
  if (has(/already in use/i)) {
    return new UserError("The debug probe is in use", "end the debug session or program that uses it");
  }
  if (has(/Connecting to the chip was unsuccessful|No ACK received|target did not respond/i)) {
    return new UserError(
      `No ${chip} answers at the debug probe`,
      "check that SWCLK, SWDIO and GND are connected, that the board has power, and that it is this chip",
    );
  }
  const reason =
    said.findLast((line) => /^(Error:|\d+:)/.test(line)) ??
    said.at(-1) ??
    `exit code ${end.status ?? "none"}`;
  return new UserError(
    `probe-rs could not load ${name} (${reason.replace(/^(Error:|\d+:)\s*/, "")})`,
    "check the wires between probe and board, and flash once more",
  );
}
