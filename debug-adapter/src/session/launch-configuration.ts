import { UserError } from "../base/errors";
import type { SeveritySettings } from "../protocol/findings";
import {
  type AttachArguments,
  BOARD_NAMES,
  type LaunchArguments,
  type Speed,
  TARGET_NAMES,
} from "../protocol/launch-arguments";
import { checkSeverities, checkThresholds, type FindingThresholds } from "./finding-settings";
import { isMembers, type Members, wrong } from "./launch-faults";

/** A launch configuration that makes sense as far as can be told without reading the firmware. */
export interface LaunchConfiguration {
  readonly firmware: FirmwareName;
  /** The board that it runs on; undefined for an emulated one. */
  readonly board: BoardConnection | undefined;
  readonly parts: readonly string[];
  readonly stimuli: readonly string[];
  readonly stopOnEntry: boolean;
  readonly speed: Speed;
  readonly sourceMap: Readonly<Record<string, string>>;
  /** What is given; the rest is as ever. */
  readonly thresholds: FindingThresholds;
  readonly severities: SeveritySettings;
  /** Types that are guards of a lock which nobody can wait for, besides those that are known. */
  readonly guardTypes: readonly string[];
}

/** The gdb server of a board. */
export interface BoardConnection {
  readonly host: string;
  readonly port: number;
  /** Whether the board is to start anew, or to be looked at as it is. */
  readonly isReset: boolean;
}

export type FirmwareName =
  { readonly kind: "program"; readonly path: string } | { readonly kind: "sample"; readonly name: string };

/** Members that VS Code adds to every configuration, or that only it looks at. */
const OF_THE_CLIENT =
  /^(?:type|name|request|noDebug|preLaunchTask|postDebugTask|presentation|internalConsoleOptions|debugServer|serverReadyAction|suppress\w+|__\w+)$/;

/**
 * Checks what a launch request says; it may be anything at all.
 * @throws UserError that names the member that is wrong
 */
export function checkLaunch(request: unknown): LaunchConfiguration {
  const given = members(request);
  const known: Record<keyof LaunchArguments, true> = {
    program: true,
    cargo: true,
    sample: true,
    target: true,
    gdb: true,
    board: true,
    parts: true,
    stimuli: true,
    stopOnEntry: true,
    speed: true,
    thresholds: true,
    findings: true,
    guardTypes: true,
    sourceMap: true,
  };
  checkNames(given, Object.keys(known));
  return {
    firmware: firmwareName(given),
    board: boardOf(given),
    parts: texts("parts", given["parts"]),
    stimuli: texts("stimuli", given["stimuli"]),
    stopOnEntry: flag("stopOnEntry", given["stopOnEntry"]),
    speed: speed(given["speed"]),
    sourceMap: textMap("sourceMap", given["sourceMap"]),
    thresholds: checkThresholds(given["thresholds"]),
    severities: checkSeverities(given["findings"]),
    guardTypes: texts("guardTypes", given["guardTypes"]),
  };
}

/** Exactly one member says which firmware to run. */
function firmwareName(given: Members): FirmwareName {
  const { program, cargo, sample } = given;
  const named = [program, cargo, sample].filter((each) => each !== undefined);
  if (named.length !== 1) {
    const what = named.length === 0 ? "names no firmware" : "names more than one firmware";
    throw wrong(what, 'set one of "program" (the path of an ELF file), "cargo" and "sample"');
  }
  if (cargo !== undefined) {
    throw new UserError(
      "The debug adapter does not run cargo itself",
      'build first and set "program" to the ELF file; in VS Code the extension does this',
    );
  }
  if (sample !== undefined) return { kind: "sample", name: text("sample", sample) };
  return { kind: "program", path: text("program", program) };
}

/**
 * Checks what an attach request says; it may be anything at all.
 * @throws UserError that names the member that is wrong
 */
export function checkAttach(request: unknown): LaunchConfiguration {
  const given = members(request);
  const known: Record<keyof AttachArguments, true> = { program: true, gdb: true, sourceMap: true };
  checkNames(given, Object.keys(known));
  const launch = checkLaunch({ ...given, target: "gdb", program: text("program", given["program"]) });
  return { ...launch, board: launch.board && { ...launch.board, isReset: false } };
}

/** Where the firmware is to run. What is to come says so, instead of running it somewhere else. */
function boardOf(given: Members): BoardConnection | undefined {
  const { target, board, gdb } = given;
  if (choice("board", board, BOARD_NAMES) === "pico2") {
    throw new UserError(
      "Pollscope does not debug the Pico 2 yet, neither emulated nor attached",
      'set "board" to "pico", and build for thumbv6m-none-eabi',
    );
  }
  if (choice("target", target, TARGET_NAMES) === "emulator") {
    if (gdb === undefined) return undefined;
    throw wrong('has a "gdb" that is for boards', 'set "target" to "gdb", or leave it out');
  }
  const foreign = ["parts", "stimuli"].find((name) => given[name] !== undefined);
  if (foreign !== undefined) {
    throw wrong(`has ${JSON.stringify(foreign)} that only an emulated board can have`, "leave them out");
  }
  return { ...gdbAddress(gdb), isReset: true };
}

/** `localhost:3333`, `:3333`, `[::1]:3333`. */
function gdbAddress(value: unknown): { readonly host: string; readonly port: number } {
  const [, host = "", digits = ""] = /^(.*):(\d+)$/.exec(typeof value === "string" ? value : "") ?? [];
  const port = Number(digits);
  if (digits === "" || port < 1 || port > LARGEST_PORT) {
    throw wrong('has no "gdb" that says where a gdb server listens', 'write "gdb": "localhost:3333"');
  }
  return { host: host === "" ? "localhost" : host.replace(/^\[(.*)\]$/, "$1"), port };
}

const LARGEST_PORT = 0xffff;

/** What means nothing may be a slip of the pen for something that does. */
function checkNames(given: Members, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name) || OF_THE_CLIENT.test(name)) continue;
    throw wrong(
      `has a member ${JSON.stringify(name)} that means nothing`,
      `leave it out, or use one of ${known.join(", ")}`,
    );
  }
}

function members(request: unknown): Members {
  if (isMembers(request)) return request;
  throw wrong("is no object", 'write at least { "program": "path/of/firmware.elf" }');
}

function text(name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw wrong(`has a ${JSON.stringify(name)} that is no text`, `write "${name}": "..."`);
}

function flag(name: string, value: unknown): boolean {
  if (value === undefined || typeof value === "boolean") return value ?? false;
  throw wrong(`has a ${JSON.stringify(name)} that is neither true nor false`, `write "${name}": true`);
}

function speed(value: unknown): Speed {
  if (value === undefined) return 1;
  if (value === "max" || (typeof value === "number" && value > 0 && Number.isFinite(value))) return value;
  throw wrong(`has a "speed" that is neither a number above 0 nor "max"`, 'write "speed": 1 for real time');
}

function texts(name: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
  throw wrong(`has ${JSON.stringify(name)} that are no list of texts`, `write "${name}": ["..."]`);
}

function textMap(name: string, value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (isMembers(value) && Object.values(value).every((each) => typeof each === "string")) {
    return value as Record<string, string>;
  }
  throw wrong(
    `has a ${JSON.stringify(name)} that does not map texts to texts`,
    `write "${name}": { "/from": "/to" }`,
  );
}

function choice<Name extends string>(name: string, value: unknown, names: readonly Name[]): Name {
  if (value === undefined) return names[0]!;
  const found = names.find((each) => each === value);
  if (found !== undefined) return found;
  throw wrong(
    `has a ${JSON.stringify(name)} that there is not`,
    `write one of ${names.map((each) => JSON.stringify(each)).join(", ")}`,
  );
}
