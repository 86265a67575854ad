import type { Computer } from "../computer/computer";
import { findTool } from "../computer/find-program";
import type { BootselBoard } from "./board";
import { picotoolSelection } from "./picotool-selection";

/** A line of what picotool tells of a board and of the program in its flash: `name`, `hello_world`. */
export interface BoardFact {
  readonly name: string;
  readonly value: string;
}

/**
 * What is in a board's flash, by the binary info that its program carries, and what the board says of itself. Only
 * picotool can ask for that: without it, or if the board does not answer, there is nothing.
 */
export async function boardProgram(
  computer: Computer,
  board: BootselBoard,
  signal: AbortSignal,
): Promise<readonly BoardFact[]> {
  const { usb } = board;
  const program = usb === undefined ? undefined : await findTool(computer, "picotool");
  if (program === undefined) return [];
  const words = ["info", "-a", ...picotoolSelection(board)];
  const end = await computer.run({ program, words, signal });
  return end?.status === 0 ? parseInfo(end.lines) : [];
}

/** Facts stand below headings, as ` name:      hello_world`; one without a value is left out. */
export function parseInfo(lines: readonly string[]): BoardFact[] {
  return lines.flatMap((line) => {
    const [, name, value] = /^ +([^:]+):\s+(\S.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [{ name, value: value.trim() }];
  });
}
