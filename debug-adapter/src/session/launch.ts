import { UserError } from "../base/errors";
import { Debuggee } from "../debuggee/debuggee";
import { loadFirmware } from "../debuggee/firmware";
import { parseParts } from "../debuggee/parts";
import { parsePress } from "../debuggee/stimulus";
import type { LaunchArguments } from "../protocol/launch-arguments";

/**
 * Loads the firmware that a launch request names.
 * @throws UserError if the request or the firmware is not right
 */
export async function launch(request: unknown): Promise<{ debuggee: Debuggee; stopOnEntry: boolean }> {
  const { program, parts, presses, stopOnEntry } = checkLaunchArguments(request);
  const debuggee = new Debuggee(await loadFirmware(program), {
    parts: parseParts(parts ?? []),
    inputs: (presses ?? []).map(parsePress),
  });
  return { debuggee, stopOnEntry: stopOnEntry ?? false };
}

/** What comes over the wire is anything at all until it is checked. */
function checkLaunchArguments(request: unknown): LaunchArguments {
  const { program, parts, presses, stopOnEntry } = (request ?? {}) as Record<string, unknown>;
  if (typeof program !== "string" || program === "") {
    throw new UserError(
      "The launch configuration names no firmware",
      'set "program" to the path of an ELF file',
    );
  }
  return {
    program,
    ...(parts !== undefined && { parts: texts("parts", parts) }),
    ...(presses !== undefined && { presses: texts("presses", presses) }),
    ...(typeof stopOnEntry === "boolean" && { stopOnEntry }),
  };
}

function texts(name: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
  throw new UserError(
    `"${name}" of the launch configuration is no list of texts`,
    `write "${name}": ["..."]`,
  );
}
