import { Debuggee, type DebuggeeOptions } from "#adapter/debuggee/debuggee";
import { loadFirmware } from "#adapter/debuggee/firmware";
import { parseParts } from "#adapter/debuggee/parts";
import { parsePress, parseTyping } from "#adapter/debuggee/stimulus";
import type { Output } from "./output";
import type { BoardRequest, InstantRequest } from "./requests";
import { earlyEnd } from "./text/early-end";

/**
 * Puts the firmware of a request into an emulated Pico, wired as the request says.
 * @throws UserError if the firmware cannot be used, or a part or input makes no sense
 */
export async function launch(
  request: BoardRequest,
  options: Pick<DebuggeeOptions, "isObserved"> = {},
): Promise<Debuggee> {
  return new Debuggee(await loadFirmware(request.firmware), {
    parts: parseParts(request.parts),
    inputs: [...request.presses.map(parsePress), ...request.types.map(parseTyping)],
    ...options,
  });
}

/** The same, run to the request's instant; the user is told if it stands before that. */
export async function launchTo(request: InstantRequest, output: Output): Promise<Debuggee> {
  const debuggee = await launch(request);
  const { kind } = await debuggee.run(request.at);
  const note = earlyEnd(kind, debuggee.target.now, request.at);
  if (note !== undefined) output.note(note);
  return debuggee;
}
