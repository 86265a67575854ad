import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UserError } from "../../base/errors";
import { connectBoard } from "../../debuggee/connect-board";
import { Debuggee } from "../../debuggee/debuggee";
import { type Firmware, loadFirmware } from "../../debuggee/firmware";
import { parseParts } from "../../debuggee/parts";
import { sourceFolders } from "../../debuggee/sources/source-folders";
import { SourceLocator } from "../../debuggee/sources/source-locator";
import { parseStimulus } from "../../debuggee/stimulus";
import { sampleNamed, samplesIn } from "../../protocol/samples";
import type { Target } from "../../target/target";
import {
  type BoardConnection,
  checkAttach,
  checkLaunch,
  type FirmwareName,
  type LaunchConfiguration,
} from "../launch-configuration";
import { Launched, type LaunchedOptions } from "../launched";
import type { SessionWorld } from "../session-world";
import { Sources } from "../sources";

/**
 * Loads the firmware that a launch request names into an emulated Pico.
 * @throws UserError if the request or the firmware is not right
 */
export function launch(
  request: unknown,
  world: SessionWorld,
  kept: Pick<LaunchedOptions, "handles" | "threads">,
): Promise<Launched> {
  return launchConfigured(checkLaunch(request), world, kept);
}

/**
 * Connects to the board that an attach request names, which runs its firmware.
 * @throws UserError if the request, the firmware or the board is not right
 */
export function attach(
  request: unknown,
  world: SessionWorld,
  kept: Pick<LaunchedOptions, "handles" | "threads">,
): Promise<Launched> {
  return launchConfigured(checkAttach(request), world, kept);
}

/** The same for a request that has been checked. */
export async function launchConfigured(
  configuration: LaunchConfiguration,
  world: SessionWorld,
  kept: Pick<LaunchedOptions, "handles" | "threads">,
): Promise<Launched> {
  const path = await firmwarePath(configuration.firmware, world);
  const parts = parseParts(configuration.parts);
  const inputs = configuration.stimuli.map(parseStimulus);
  const locator = new SourceLocator(sourceFolders(resolve(path), configuration.sourceMap, world.environment));
  const firmware = await loadFirmware(path, { remap: (written) => locator.locate(written) ?? written });
  const modified = await modificationTime(path);
  const board = configuration.board && (await boardWith(firmware, configuration.board, world));
  const debuggee = new Debuggee(firmware, { parts, inputs, ...(board && { board }) });
  const { packageFolder } = world;
  return new Launched({ ...kept, packageFolder, debuggee, configuration, modified, sources: new Sources() });
}

/** The board that holds a firmware: at its start, or as it is. */
async function boardWith(
  firmware: Firmware,
  { host, port, isReset }: BoardConnection,
  { clock, patience }: SessionWorld,
): Promise<Target> {
  const at = { host, port, ...(patience !== undefined && { patience }) };
  const target = await connectBoard(firmware, at, () => clock.now());
  try {
    if (isReset) await target.reset();
  } catch (error) {
    // A gdb server has one client at a time: the next attempt needs its place.
    target.dispose();
    await target.released;
    throw error;
  }
  return target;
}

/** When a file was last written, in milliseconds; undefined if it is not there any more. */
export async function modificationTime(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return undefined;
  }
}

async function firmwarePath(firmware: FirmwareName, { packageFolder }: SessionWorld): Promise<string> {
  if (firmware.kind === "program") return firmware.path;
  const folder = join(packageFolder, "samples", "prebuilt");
  const samples = samplesIn(await readFile(join(folder, "manifest.json"), "utf8"));
  const sample = sampleNamed(samples, firmware.name);
  if (sample !== undefined) return join(folder, sample.file);
  const names = [...new Set(samples.map(({ name }) => name))];
  throw new UserError(
    `There is no sample ${JSON.stringify(firmware.name)}`,
    `use one of ${names.join(", ")}`,
  );
}
