import { tableLines } from "#adapter/base/text-table";
import type { Board } from "#extension/pico/boards/board";
import { type BoardFact, boardProgram } from "#extension/pico/boards/board-program";
import { boardWays } from "#extension/pico/boards/board-ways";
import { findBoards } from "#extension/pico/boards/find-boards";
import { listProbes, withProbes } from "#extension/pico/boards/probe-list";
import { type PicobootBy, picobootBy } from "#extension/pico/computer/picoboot-by";
import { thisComputer } from "#extension/pico/computer/this-computer";
import { UDEV_RULES } from "#extension/pico/routes/usb-access";
import type { Output } from "./output";
import type { BoardsRequest } from "./requests";

/** Lists the boards and probes that are attached, and how each can be reached. */
export async function runBoards(
  { isJson, isUdevRules, driveFolders }: BoardsRequest,
  output: Output,
): Promise<void> {
  if (isUdevRules) return output.write(UDEV_RULES);
  const computer = thisComputer();
  const { signal } = new AbortController();
  const boards = withProbes(await findBoards(computer, { driveFolders }), await listProbes(computer, signal));
  const by = await picobootBy(computer);
  const facts = await Promise.all(
    boards.map(async (board) =>
      board.kind === "bootsel" ? await boardProgram(computer, board, signal) : [],
    ),
  );
  if (isJson) {
    return output.write(
      `${JSON.stringify(
        boards.map((board, i) => boardJson(board, { facts: facts[i]!, by })),
        null,
        2,
      )}\n`,
    );
  }
  if (boards.length === 0) {
    output.note(
      "No Pico is attached. Plug one in while you hold its BOOTSEL button, or connect a debug probe.",
    );
    return;
  }
  const columns = ["board", "chip", "serial number", "program", "at", "reached by"].map((heading) => ({
    heading,
  }));
  const rows = boards.map((board, i) => [
    whatIs(board),
    board.kind === "bootsel" ? board.chip.name : "?",
    board.serial ?? "-",
    facts[i]!.find(({ name }) => name === "name")?.value ?? "-",
    board.id,
    boardWays(board, by).join(", "),
  ]);
  const [head, ...lines] = tableLines(columns, rows);
  await output.write(`${[output.style.dim(head!), ...lines].join("\n")}\n`);
}

function whatIs(board: Board): string {
  switch (board.kind) {
    case "bootsel":
      return "BOOTSEL mode";
    case "running":
      return `running: ${board.name}`;
    case "probe":
      return `debug probe: ${board.name}`;
  }
}

/** A board as `pollscope boards --json` prints it. What is not known is null. */
function boardJson(
  board: Board,
  { facts, by }: { readonly facts: readonly BoardFact[]; readonly by: PicobootBy },
) {
  const { kind, id, serial, usb } = board;
  const hex = (value: number) => value.toString(16).padStart(4, "0");
  return {
    kind,
    id,
    chip: kind === "bootsel" ? board.chip.name : null,
    serial: serial ?? null,
    usb:
      usb === undefined
        ? null
        : { vendor: hex(usb.vendor), product: hex(usb.product), name: usb.name ?? null },
    drive: kind === "bootsel" && board.drive?.kind === "mounted" ? board.drive.folder : null,
    port: kind === "bootsel" ? null : (board.port ?? null),
    ways: boardWays(board, by),
    flash: facts.length === 0 ? null : Object.fromEntries(facts.map(({ name, value }) => [name, value])),
  };
}
