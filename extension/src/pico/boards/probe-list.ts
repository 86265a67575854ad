import type { Computer } from "../computer/computer";
import { findTool } from "../computer/find-program";
import type { Board, ProbeBoard } from "./board";

/**
 * The debug probes that probe-rs sees: also those without CMSIS-DAP, and what the system
 * does not tell of. None without probe-rs.
 */
export async function listProbes(computer: Computer, signal: AbortSignal): Promise<ProbeBoard[]> {
  const program = await findTool(computer, "probe-rs");
  if (program === undefined) return [];
  const end = await computer.run({ program, words: ["list"], signal });
  return (end?.lines ?? []).flatMap((line) => parseProbe(line) ?? []);
}

/**
 * `[0]: Debugprobe on Pico (CMSIS-DAP) -- 2e8a:000c:E6614 (CMSIS-DAP)`; behind the product may stand the number of an
 * interface, and at the end that it may not be used.
 */
function parseProbe(line: string): ProbeBoard | undefined {
  const match =
    /^\[\d+\]: (.*) -- ([0-9a-f]{4}:[0-9a-f]{4}(?:-\d+)?):(\S*) \([^)]*\)(?: \(inaccessible\))?$/.exec(
      line.trim(),
    );
  if (match === null) return undefined;
  const [, name = "", ids = "", serial = ""] = match;
  const selector = serial === "" ? ids : `${ids}:${serial}`;
  return {
    kind: "probe",
    id: selector,
    serial: serial === "" ? undefined : serial,
    usb: undefined,
    name,
    selector,
    port: undefined,
  };
}

/** Boards with probes that are not among them yet. Windows tells serial numbers in capitals. */
export function withProbes(boards: readonly Board[], probes: readonly ProbeBoard[]): readonly Board[] {
  const known = new Set(
    boards.flatMap((board) => (board.kind === "probe" ? [board.selector.toLowerCase()] : [])),
  );
  return [...boards, ...probes.filter(({ selector }) => !known.has(selector.toLowerCase()))];
}
