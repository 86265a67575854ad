import type { ProbeBoard } from "../boards/board";
import { probeRsChip } from "../probe/probe-rs-chip";
import { probeRsFault } from "../probe/probe-rs-fault";
import type { Flashed, Flashing } from "./flashing";
import { runTool } from "./run-tool";

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
    if (end?.status !== 0) throw probeRsFault(end, `load ${image.name}`, chip);
  };
  onProgress({ step: "writing", fraction: undefined });
  await run(["download", ...probe, "--disable-progressbars", ...(isVerified ? ["--verify"] : []), firmware]);
  if (isStarted) {
    onProgress({ step: "starting", fraction: undefined });
    await run(["reset", ...probe]);
  }
  return { route: "probe-rs", checked: isVerified ? "read back" : "written", isRunning: isStarted };
}
