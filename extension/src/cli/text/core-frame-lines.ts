import { hexAddress } from "#adapter/base/hex-address";
import type { CoreFrame } from "#adapter/debuggee/core-frame";
import type { ValueReader } from "#adapter/values/reader";
import { valueText } from "#adapter/values/value-text";
import { placeText, type ShowPath } from "./event-json";
import type { TextStyle } from "./style";

export interface FrameLineOptions {
  readonly style: TextStyle;
  readonly showPath: ShowPath;
}

/** The function of a frame, with what a reader should know of it, and where it is; of an exception only its name. */
export function frameLine(frame: CoreFrame, { style, showPath }: FrameLineOptions): string {
  const { name, kind, isInlined, place, address } = frame;
  if (kind === "exception") return style.dim(`--- ${name} ---`);
  const notes = [...(isInlined ? ["inlined"] : []), ...(kind === "guessed" ? ["guessed"] : [])];
  const note = notes.length === 0 ? "" : style.dim(` (${notes.join(", ")})`);
  const where = place === null ? hexAddress(address) : placeText(place, showPath);
  return `${name}${note}  ${style.dim(where)}`;
}

/** A line for each argument and local of a frame; those that a later one of the same name hides come first. */
export function variableLines(frame: CoreFrame, reader: ValueReader, { style }: FrameLineOptions): string[] {
  return frame.variables.map(({ name, value, isParameter, isHidden }) => {
    const notes = [...(isParameter ? ["argument"] : []), ...(isHidden ? ["hidden"] : [])];
    const note = notes.length === 0 ? "" : style.dim(`  (${notes.join(", ")})`);
    return `${style.cyan(name)} = ${valueText(value, reader)}${note}`;
  });
}
