import { UserError } from "#adapter/base/errors";
import type { ProbeBoard } from "../boards/board";
import type { Computer } from "../computer/computer";
import { findTool } from "../computer/find-program";
import type { FirmwareImage } from "../uf2/firmware-image";
import { probeRsChip } from "./probe-rs-chip";
import { probeRsFault } from "./probe-rs-fault";

/** A gdb server that a debug probe is used through. */
export interface ProbeServer {
  /** Where it listens: `127.0.0.1:40123`. */
  readonly gdb: string;
  /** Ends it; the board goes on with what it does. */
  stop(): void;
}

/** Milliseconds to find the probe, connect to the chip and halt it. */
const START_TIME = 20_000;

/** What it says when it is about to listen (probe-rs 0.32, `gdb_server/mod.rs`). */
const STARTED = /^Firing up GDB stub\b/;

const HOST = "127.0.0.1";

/**
 * Starts probe-rs's gdb server for what hangs on a probe.
 * @throws UserError if probe-rs is not there, cannot connect, or says nothing for too long
 */
export async function startProbeServer(
  computer: Computer,
  board: ProbeBoard,
  { image, signal }: { readonly image: FirmwareImage; readonly signal: AbortSignal },
): Promise<ProbeServer> {
  const program = (await findTool(computer, "probe-rs")) ?? "probe-rs";
  const chip = probeRsChip(image.chip, image.family);
  const gdb = `${HOST}:${await computer.freePort(HOST)}`;
  const stopped = new AbortController();
  const words = [
    "gdb",
    ...["--chip", chip],
    ...["--probe", board.selector],
    "--non-interactive",
    ...["--gdb-connection-string", gdb],
  ];
  let hear: () => void = () => undefined;
  const started = new Promise<"started">((resolve) => (hear = () => resolve("started")));
  const onLine = (line: string) => {
    if (STARTED.test(line)) hear();
  };
  const ended = computer.run({ program, words, signal: stopped.signal, onLine });
  const timeout = new AbortController();
  const late = computer.sleep(START_TIME, AbortSignal.any([signal, timeout.signal]));
  try {
    const first = await Promise.race([
      started,
      ended.then((end) => ({ end })),
      late.then(() => "late" as const),
    ]);
    if (first === "started") return { gdb, stop: () => stopped.abort() };
    throw first === "late" ? silent() : probeRsFault(first.end, `debug ${image.name}`, chip);
  } catch (error) {
    stopped.abort();
    throw error;
  } finally {
    timeout.abort();
    // What comes of them later is nobody's business.
    late.catch(() => undefined);
    ended.catch(() => undefined);
  }
}

function silent(): UserError {
  return new UserError(
    `probe-rs has not started its gdb server within ${START_TIME / 1000} s`,
    "unplug the probe and the board, plug them in again, and try once more",
  );
}
