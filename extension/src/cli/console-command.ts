import { createWriteStream } from "node:fs";
import { UserError } from "#adapter/base/errors";
import type { Board, ProbeBoard } from "#extension/pico/boards/board";
import { onlyBoard, possibleBoards } from "#extension/pico/boards/choose-board";
import { findBoards } from "#extension/pico/boards/find-boards";
import { listProbes, withProbes } from "#extension/pico/boards/probe-list";
import type { Computer } from "#extension/pico/computer/computer";
import { findTool } from "#extension/pico/computer/find-program";
import { thisComputer } from "#extension/pico/computer/this-computer";
import { isPortThere, readSerial } from "#extension/pico/console/read-serial";
import { probeRsChip } from "#extension/pico/probe/probe-rs-chip";
import { probeRsFault } from "#extension/pico/probe/probe-rs-fault";
import { readFirmwareImage } from "#extension/pico/uf2/read-firmware-image";
import { type ConsoleDecoder, consoleDecoder } from "./console-decoder";
import { untilInterrupted } from "./interrupted";
import type { Output } from "./output";
import type { ConsoleRequest } from "./requests";
import type { ShowPath } from "./text/event-json";

/** Shows what a board prints, until Ctrl-C. */
export async function runConsole(request: ConsoleRequest, output: Output, showPath: ShowPath): Promise<void> {
  const computer = thisComputer();
  const lines = lineWriter(request, output);
  try {
    await untilInterrupted(async (signal) => {
      const board = request.port === undefined ? await boardWithOutput(computer, request) : undefined;
      if (board?.kind === "probe" && request.firmware !== undefined) {
        await showRtt({ computer, request, signal, lines, board, firmware: request.firmware });
        return;
      }
      const decoder = await consoleDecoder(request, output.style, showPath);
      await showSerial({ computer, request, signal, lines, board, decoder, output });
    });
  } finally {
    lines.end();
  }
}

/** The board to listen to: one with a serial port, or a probe where there is an ELF to decode with. */
async function boardWithOutput(
  computer: Computer,
  { board, driveFolders, firmware }: ConsoleRequest,
): Promise<Board> {
  const probes = await listProbes(computer, new AbortController().signal);
  const boards = withProbes(await findBoards(computer, { driveFolders }), probes);
  const possible = possibleBoards(boards, undefined, { wanted: board });
  const speaking = possible.filter(
    (each) =>
      (each.kind !== "bootsel" && each.port !== undefined) ||
      (each.kind === "probe" && firmware !== undefined),
  );
  if (speaking.length > 0) return onlyBoard(speaking);
  throw new UserError(
    "No attached board has a serial port",
    "flash a program that has one, connect the UART to a debug probe, or name the firmware to read RTT through a probe",
  );
}

interface Lines {
  write(line: string): Promise<void>;
  end(): void;
}

function lineWriter({ filter, save, hasTimes }: ConsoleRequest, output: Output): Lines {
  const file = save === undefined ? undefined : createWriteStream(save);
  let fault: NodeJS.ErrnoException | undefined;
  file?.on("error", (error) => (fault = error));
  return {
    write: async (line) => {
      if (fault !== undefined) {
        throw new UserError(
          `${save ?? ""} cannot be written (${fault.message})`,
          "check the folder and its permissions",
        );
      }
      const timed = hasTimes ? `${timeOfDay(new Date())}  ${line}` : line;
      // eslint-disable-next-line no-control-regex
      file?.write(`${timed.replaceAll(/\u001b\[[\d;]*m/g, "")}\n`);
      if (filter === undefined || line.includes(filter)) await output.write(`${timed}\n`);
    },
    end: () => file?.end(),
  };
}

function timeOfDay(now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(":");
  return `${clock}.${String(now.getMilliseconds()).padStart(3, "0")}`;
}

interface SerialConsole {
  readonly computer: Computer;
  readonly request: ConsoleRequest;
  readonly signal: AbortSignal;
  readonly lines: Lines;
  readonly board: Board | undefined;
  readonly decoder: ConsoleDecoder;
  readonly output: Output;
}

async function showSerial(serial: SerialConsole): Promise<void> {
  const { computer, request, signal, lines, board, decoder, output } = serial;
  const findPort = async () => {
    const path = request.port;
    if (path !== undefined) return (await isPortThere(computer, path)) ? path : undefined;
    return portOf(await findBoards(computer), board);
  };
  if (request.port !== undefined && (await findPort()) === undefined) {
    throw new UserError(
      `There is no serial port ${request.port}`,
      "`pollscope boards` lists those of boards",
    );
  }
  for await (const event of readSerial({ computer, findPort, baud: request.baud, signal })) {
    switch (event.kind) {
      case "open":
        output.note(`Listening to ${event.port}. Ctrl-C ends.`);
        break;
      case "gone":
        output.note("The board has gone away; waiting for it.");
        break;
      case "bytes":
        for (const line of decoder.push(event.bytes)) await lines.write(line);
    }
    if (!output.isOpen) return;
  }
}

/** The port of the same board, whichever number it has now: after a restart it may be another. */
function portOf(boards: readonly Board[], wanted: Board | undefined): string | undefined {
  const speaking = boards.filter((board) => board.kind !== "bootsel");
  return (
    speaking.find(({ id }) => id === wanted?.id) ?? speaking.find(({ serial }) => serial === wanted?.serial)
  )?.port;
}

interface RttConsole {
  readonly computer: Computer;
  readonly request: ConsoleRequest;
  readonly signal: AbortSignal;
  readonly lines: Lines;
  readonly board: ProbeBoard;
  readonly firmware: string;
}

/** probe-rs reads RTT and decodes defmt itself. */
async function showRtt({ computer, signal, lines, board, firmware }: RttConsole): Promise<void> {
  const image = await readFirmwareImage(firmware);
  const chip = probeRsChip(image.chip, image.family);
  const program = (await findTool(computer, "probe-rs")) ?? "probe-rs";
  const words = ["attach", "--chip", chip, "--probe", board.selector, "--non-interactive", firmware];
  let writing = Promise.resolve();
  const onLine = (line: string) => {
    writing = writing.then(() => lines.write(line));
    // It is waited for at the end, where a fault is told.
    writing.catch(() => undefined);
  };
  try {
    const end = await computer.run({ program, words, signal, onLine });
    await writing;
    if (end?.status !== 0) throw probeRsFault(end, `listen to ${image.name}`, chip);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
