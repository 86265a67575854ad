import { ProblemList, UserError } from "#adapter/base/errors";
import { loadFirmware } from "#adapter/debuggee/firmware";
import { DefmtFrames, type DefmtMessage } from "#adapter/logs/defmt/frames";
import { readDefmtTable } from "#adapter/logs/defmt/table";
import { TextLines } from "#adapter/logs/text-lines";
import type { ConsoleRequest } from "./requests";
import { placeText, type ShowPath } from "./text/event-json";
import type { TextStyle } from "./text/style";

/** Makes lines of the bytes that a board sends. */
export interface ConsoleDecoder {
  push(bytes: Uint8Array): string[];
}

/**
 * Text, or defmt's messages where the firmware logs through defmt and has no RTT to send them by: then they come over
 * the port.
 * @throws UserError if the file cannot be used, or has no defmt where that is asked for
 */
export async function consoleDecoder(
  { firmware, isDefmt }: Pick<ConsoleRequest, "firmware" | "isDefmt">,
  style: TextStyle,
  showPath: ShowPath,
): Promise<ConsoleDecoder> {
  if (firmware === undefined) return new TextLines();
  const { elf, program } = await loadFirmware(firmware);
  const table = readDefmtTable(elf, program, new ProblemList());
  const isOverRtt = elf.symbols.byName("_SEGGER_RTT") !== undefined;
  if (table === undefined && isDefmt) throw noDefmt(firmware);
  if (table === undefined || (isOverRtt && !isDefmt)) return new TextLines();
  const frames = new DefmtFrames(table);
  return { push: (bytes) => frames.push(bytes).map((message) => messageLine(message, style, showPath)) };
}

function noDefmt(firmware: string): UserError {
  return new UserError(`${firmware} does not log through defmt`, "leave `--defmt` out");
}

function messageLine(
  { level, text, timestamp, place }: DefmtMessage,
  style: TextStyle,
  showPath: ShowPath,
): string {
  const shown = level === "error" ? style.red(text) : level === "warn" ? style.yellow(text) : text;
  const where = place === null ? undefined : style.dim(placeText(place, showPath));
  const parts = [timestamp ?? undefined, (level ?? "").toUpperCase().padEnd(5), shown, where];
  return parts.filter((part) => part !== undefined).join("  ");
}
