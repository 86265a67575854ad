import { UserError } from "#adapter/base/errors";
import { parseFlashSize } from "#extension/pico/routes/flash-size";
import { ROUTES, type RouteName } from "#extension/pico/routes/flashing";
import { FAMILIES, type Family } from "#extension/pico/uf2/families";
import { HELP, JSON_OUTPUT, onlyFile, parseWords } from "./parse-words";
import type { Request } from "./requests";

const DRIVES = { drives: { type: "string", multiple: true } } as const;

const DEFAULT_BAUD = 115_200;

/** Reads the words behind the commands about real boards. */
export const BOARD_COMMANDS: Readonly<Record<string, (words: string[]) => Request>> = {
  flash: parseFlash,
  boards: parseBoards,
  uf2: parseUf2,
  console: parseConsole,
};

function parseFlash(words: string[]): Request {
  const { values, positionals } = parseWords("flash", words, {
    ...HELP,
    ...DRIVES,
    board: { type: "string" },
    route: { type: "string" },
    verify: { type: "boolean" },
    "no-run": { type: "boolean" },
    "flash-size": { type: "string" },
  });
  if (values.help === true) return { command: "help", topic: "flash" };
  const size = values["flash-size"];
  return {
    command: "flash",
    firmware: onlyFile("flash", positionals),
    board: values.board,
    route: values.route === undefined ? undefined : routeOf(values.route),
    isVerified: values.verify ?? false,
    isStarted: !(values["no-run"] ?? false),
    flashSize: size === undefined ? undefined : parseFlashSize(size),
    driveFolders: values.drives ?? [],
  };
}

function routeOf(text: string): RouteName {
  const route = ROUTES.find((each) => each === text);
  if (route !== undefined) return route;
  throw new UserError(`There is no route ${JSON.stringify(text)}`, `use one of ${ROUTES.join(", ")}`);
}

function parseBoards(words: string[]): Request {
  const { values, positionals } = parseWords("boards", words, {
    ...HELP,
    ...JSON_OUTPUT,
    ...DRIVES,
    "udev-rules": { type: "boolean" },
  });
  if (values.help === true) return { command: "help", topic: "boards" };
  refuseWords("boards", positionals);
  return {
    command: "boards",
    isJson: values.json ?? false,
    isUdevRules: values["udev-rules"] ?? false,
    driveFolders: values.drives ?? [],
  };
}

function refuseWords(command: string, positionals: readonly string[]): void {
  if (positionals.length === 0) return;
  throw new UserError(
    `\`pollscope ${command}\` takes options only, and ${JSON.stringify(positionals[0])} is none`,
    "leave it out",
  );
}

function parseUf2(words: string[]): Request {
  const { values, positionals } = parseWords("uf2", words, {
    ...HELP,
    out: { type: "string", short: "o" },
    family: { type: "string" },
    "no-e10": { type: "boolean" },
  });
  if (values.help === true) return { command: "help", topic: "uf2" };
  const firmware = onlyFile("uf2", positionals);
  if (values.out === undefined) {
    throw new UserError("`pollscope uf2` needs to know where to write", "name a file: -o firmware.uf2");
  }
  return {
    command: "uf2",
    firmware,
    out: values.out,
    family: values.family === undefined ? undefined : familyNamed(values.family),
    hasE10Block: !(values["no-e10"] ?? false),
  };
}

function familyNamed(text: string): Family {
  const family = FAMILIES.find((each) => each === text);
  if (family !== undefined) return family;
  throw new UserError(`There is no family ${JSON.stringify(text)}`, `use one of ${FAMILIES.join(", ")}`);
}

function parseConsole(words: string[]): Request {
  const { values, positionals } = parseWords("console", words, {
    ...HELP,
    ...DRIVES,
    board: { type: "string" },
    port: { type: "string" },
    baud: { type: "string" },
    defmt: { type: "boolean" },
    filter: { type: "string" },
    save: { type: "string" },
    times: { type: "boolean" },
  });
  if (values.help === true) return { command: "help", topic: "console" };
  if (values.board !== undefined && values.port !== undefined) {
    throw new UserError("A board and a port were both named", "name one of them");
  }
  if (values.defmt === true && positionals.length === 0) {
    throw new UserError("defmt's messages can only be decoded with the firmware", "name its ELF file");
  }
  return {
    command: "console",
    firmware: positionals.length === 0 ? undefined : onlyFile("console", positionals),
    board: values.board,
    port: values.port,
    baud: values.baud === undefined ? DEFAULT_BAUD : baudRate(values.baud),
    isDefmt: values.defmt ?? false,
    filter: values.filter,
    save: values.save,
    hasTimes: values.times ?? false,
    driveFolders: values.drives ?? [],
  };
}

function baudRate(text: string): number {
  if (/^[1-9]\d{1,6}$/.test(text)) return Number(text);
  throw new UserError(`${JSON.stringify(text)} is no baud rate`, "give bits per second: 115200");
}
