import * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import { DEBUG_TYPE } from "../debugging/debug-type";
import { type Board, boardTitle, type ProbeBoard } from "../pico/boards/board";
import { RP2040 } from "../pico/chip";
import { type ProbeServer, startProbeServer } from "../pico/probe/probe-server";
import type { FirmwareImage } from "../pico/uf2/firmware-image";
import { readFirmwareImage } from "../pico/uf2/read-firmware-image";
import { refuseToRunWhenRestricted } from "../platform/trust";
import { chooseBoard } from "./board-choice";
import { closeConsole } from "./board-console";
import { firmwareToFlash, flashWithProgress, type FlashSurroundings } from "./flash-command";

/**
 * Builds, flashes through a debug probe, and debugs what then runs on the board from its `main` on.
 * @param wanted the probe that was clicked; undefined for the only one, or the one that the user picks
 * @throws UserError if something does not fit or fails
 */
export async function flashAndDebug(world: FlashSurroundings, wanted?: Board): Promise<void> {
  refuseToRunWhenRestricted();
  const firmware = await firmwareToFlash(world, { isForDebugger: true });
  if (firmware === undefined) return;
  const image = await readFirmwareImage(firmware);
  if (image.chip !== RP2040) throw otherChip(image);
  const attached = await world.boards.lookClosely();
  const probes = attached.filter((board) => board.kind === "probe");
  const possible = wanted === undefined ? probes : probes.filter(({ id }) => id === wanted.id);
  if (possible.length === 0) throw noProbe(attached);
  const board = await chooseBoard(world.computer, possible, `Debug ${image.name} with Which Probe?`);
  if (board?.kind !== "probe") return;
  // A probe has one user at a time.
  closeConsole();
  const flashed = await flashWithProgress(world, { firmware, image, board, isStarted: false });
  if (flashed === undefined) return;
  await debugThroughProbe(world, { firmware, image, board });
}

interface ProbeSession {
  readonly firmware: string;
  readonly image: FirmwareImage;
  readonly board: ProbeBoard;
}

/** The gdb server lives as long as the session. */
async function debugThroughProbe(
  world: FlashSurroundings,
  { firmware, image, board }: ProbeSession,
): Promise<void> {
  const server = await startWithProgress(world, { firmware, image, board });
  if (server === undefined) return;
  const ended = vscode.debug.onDidTerminateDebugSession(({ configuration }) => {
    if (configuration["gdb"] !== server.gdb) return;
    ended.dispose();
    server.stop();
  });
  const isStarted = await vscode.debug.startDebugging(undefined, {
    type: DEBUG_TYPE,
    request: "launch",
    name: `Debug ${image.name} on ${boardTitle(board)}`,
    program: firmware,
    target: "gdb",
    gdb: server.gdb,
    stopOnEntry: true,
  });
  if (isStarted) return;
  ended.dispose();
  server.stop();
}

/** Undefined if the user has cancelled. */
function startWithProgress(
  { computer }: FlashSurroundings,
  { image, board }: ProbeSession,
): Thenable<ProbeServer | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Connecting to ${boardTitle(board)}`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (_, cancellation) => {
    const controller = new AbortController();
    cancellation.onCancellationRequested(() => controller.abort());
    const { signal } = controller;
    try {
      return await startProbeServer(computer, board, { image, signal });
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  });
}

function otherChip({ name, chip }: FirmwareImage): UserError {
  return new UserError(
    `${name} is for the ${chip.name} of a ${chip.board}, and only the RP2040 of a Pico can be debugged yet`,
    "flash it with `Pollscope: Flash to Pico`, or build it for a Pico",
  );
}

function noProbe(attached: readonly Board[]): UserError {
  const [board] = attached;
  return board === undefined
    ? new UserError(
        "No debug probe is attached",
        "connect one to SWCLK, SWDIO and GND of the Pico, or debug in the emulated Pico (F5)",
      )
    : new UserError(
        `Only ${boardTitle(board)} is attached, which can be flashed but not debugged`,
        "connect a debug probe to SWCLK, SWDIO and GND of the Pico, or debug in the emulated Pico (F5)",
      );
}
