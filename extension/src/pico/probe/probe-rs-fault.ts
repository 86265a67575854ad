import { UserError } from "#adapter/base/errors";
import type { ProgramEnd } from "../computer/computer";
import { SET_UP_USB } from "../routes/usb-access";

/**
 * What probe-rs means when it fails: `Error: ...`, then a list of causes, of which the last says most. Its log comes
 * before, with hints about permissions wherever it finds no probe; a backtrace may follow, whose frames have numbers, too.
 * @param task what it was to do: `load blink`
 */
export function probeRsFault(end: ProgramEnd | undefined, task: string, chip: string): UserError {
  if (end === undefined) {
    return new UserError(
      "There is no probe-rs here, which a debug probe needs",
      "install it (https://probe.rs), or hold BOOTSEL while you plug the board itself in",
    );
  }
  const said = errorLines(end.lines);
  const has = (pattern: RegExp) => said.some((line) => pattern.test(line));
  if (has(/permission|access denied|inaccessible|errno 13/i)) {
    return new UserError("probe-rs sees the debug probe, but may not use it", SET_UP_USB);
  }
  if (has(/Probe not found|No connected probes|probe was not found/i)) {
    return new UserError("probe-rs finds no such debug probe", `plug it in again, or ${SET_UP_USB}`);
  }
  if (has(/already in use|resource busy|errno 16/i)) {
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
    `probe-rs could not ${task} (${reason.replace(/^(Error:|\d+:)\s*/, "")})`,
    "check the wires between probe and board, and try once more",
  );
}

/** From the last error on, to the backtrace that `RUST_BACKTRACE` adds; all that is no log where there is no error. */
function errorLines(lines: readonly string[]): string[] {
  const said = lines.map((line) => line.trim()).filter((line) => !/^(WARN|INFO|DEBUG|ERROR) /.test(line));
  const start = Math.max(
    0,
    said.findIndex((line) => line.startsWith("Error:")),
  );
  const trace = said.indexOf("Stack backtrace:", start);
  return said.slice(start, trace < 0 ? undefined : trace).filter((line) => line !== "");
}
