import { Debuggee, type DebuggeeOptions } from "#adapter/debuggee/debuggee";
import { loadFirmware } from "#adapter/debuggee/firmware";
import { parseParts } from "#adapter/debuggee/parts";
import { parsePress, parseTyping } from "#adapter/debuggee/stimulus";
import type { BoardRequest, InstantRequest } from "./requests";

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

/** The same, run to the request's instant. */
export async function launchTo(request: InstantRequest): Promise<Debuggee> {
  const debuggee = await launch(request);
  await debuggee.run(request.at);
  return debuggee;
}
