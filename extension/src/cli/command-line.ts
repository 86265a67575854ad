import type { Nanoseconds } from "#adapter/base/brand";
import type { Severity } from "#adapter/analysis/finding";
import type { Thresholds } from "#adapter/analysis/thresholds";
import { parseDuration } from "#adapter/base/duration";
import { UserError } from "#adapter/base/errors";
import { BOARD_COMMANDS } from "./parse-board-commands";
import { parseExport } from "./parse-export";
import { HELP, JSON_OUTPUT, onlyFile, parseWords } from "./parse-words";
import { LINT_CODES, type LintCode } from "#extension/lints/finding";
import { parseThreshold } from "./thresholds";
import type { BoardRequest, Request } from "./requests";

const DEFAULT_DURATION = "2s";

/** Long enough for what happens once in a few seconds. */
const DEFAULT_CHECK_DURATION = "10s";

/** OpenOCD's port, which gdb users have in their scripts. */
const DEFAULT_GDB_PORT = 3333;

const BOARD = {
  press: { type: "string", multiple: true },
  type: { type: "string", multiple: true },
  part: { type: "string", multiple: true },
} as const;
const INSTANT = { at: { type: "string" } } as const;

/** Reads the words behind the name of a command. */
const COMMANDS: Readonly<Record<string, (words: string[]) => Request>> = {
  trace: parseTrace,
  check: parseCheck,
  futures: parseFutures,
  tasks: parseTasks,
  stack: parseStack,
  print: parsePrint,
  why: parseWhy,
  lint: parseLint,
  "gdb-server": parseGdbServer,
  dap: parseDap,
  ...BOARD_COMMANDS,
  export: parseExport,
};

/**
 * What the words after `pollscope` ask for.
 * @throws UserError if they do not make sense
 */
export function parseCommandLine(words: readonly string[]): Request {
  const [command, ...rest] = words;
  switch (command) {
    case undefined:
    case "--help":
    case "-h":
    case "help":
      return { command: "help", topic: rest[0] };
    case "--version":
    case "-V":
      return { command: "version" };
    default: {
      const parse = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
      if (parse !== undefined) return parse(rest);
      throw new UserError(
        `There is no command ${JSON.stringify(command)}`,
        "`pollscope --help` lists the commands",
      );
    }
  }
}

function parseTrace(words: string[]): Request {
  const { values, positionals } = parseWords("trace", words, {
    ...HELP,
    ...JSON_OUTPUT,
    ...BOARD,
    for: { type: "string" },
    task: { type: "string" },
    save: { type: "string" },
  });
  if (values.help === true) return { command: "help", topic: "trace" };
  return {
    command: "trace",
    ...board("trace", values, positionals),
    duration: lengthOfRun(values.for ?? DEFAULT_DURATION),
    isJson: values.json ?? false,
    task: values.task,
    save: values.save,
  };
}

function lengthOfRun(text: string): Nanoseconds {
  const duration = parseDuration(text);
  if (duration !== undefined && duration !== 0) return duration;
  throw new UserError(`${JSON.stringify(text)} is no length of time`, "write it as 2s, 1.5s, 250ms or 3min");
}

function parseCheck(words: string[]): Request {
  const { values, positionals } = parseWords("check", words, {
    ...HELP,
    ...JSON_OUTPUT,
    ...BOARD,
    for: { type: "string" },
    "fail-on": { type: "string" },
    sarif: { type: "string" },
    threshold: { type: "string", multiple: true },
    "guard-type": { type: "string", multiple: true },
  });
  if (values.help === true) return { command: "help", topic: "check" };
  return {
    command: "check",
    ...board("check", values, positionals),
    duration: lengthOfRun(values.for ?? DEFAULT_CHECK_DURATION),
    isJson: values.json ?? false,
    sarif: values.sarif,
    failOn: severity(values["fail-on"] ?? "error"),
    thresholds: Object.assign({}, ...(values.threshold ?? []).map(parseThreshold)) as Partial<Thresholds>,
    guardTypes: values["guard-type"] ?? [],
  };
}

function severity(text: string): Severity {
  if (text === "error" || text === "warning" || text === "note") return text;
  throw new UserError(`${JSON.stringify(text)} is no severity`, "write error, warning or note");
}

function parseFutures(words: string[]): Request {
  const { values, positionals } = parseWords("futures", words, {
    ...HELP,
    ...JSON_OUTPUT,
    own: { type: "boolean" },
  });
  if (values.help === true) return { command: "help", topic: "futures" };
  return {
    command: "futures",
    firmware: onlyFile("futures", positionals),
    isJson: values.json ?? false,
    isOwnOnly: values.own ?? false,
  };
}

function parseTasks(words: string[]): Request {
  const { values, positionals } = parseWords("tasks", words, {
    ...HELP,
    ...JSON_OUTPUT,
    ...BOARD,
    ...INSTANT,
    task: { type: "string" },
  });
  if (values.help === true) return { command: "help", topic: "tasks" };
  return {
    command: "tasks",
    ...board("tasks", values, positionals),
    at: instant("tasks", values.at),
    isJson: values.json ?? false,
    task: values.task,
  };
}

function parseStack(words: string[]): Request {
  const { values, positionals } = parseWords("stack", words, {
    ...HELP,
    ...JSON_OUTPUT,
    ...BOARD,
    ...INSTANT,
  });
  if (values.help === true) return { command: "help", topic: "stack" };
  return {
    command: "stack",
    ...board("stack", values, positionals),
    at: instant("stack", values.at),
    isJson: values.json ?? false,
  };
}

function parsePrint(words: string[]): Request {
  const { values, positionals } = parseWords("print", words, {
    ...HELP,
    ...JSON_OUTPUT,
    ...BOARD,
    ...INSTANT,
    frame: { type: "string" },
  });
  if (values.help === true) return { command: "help", topic: "print" };
  const [firmware, ...expression] = positionals;
  const request = board("print", values, firmware === undefined ? [] : [firmware]);
  if (expression.length !== 1) {
    throw new UserError(
      expression.length === 0 ? "There is no expression to print" : "The expression is in several pieces",
      "write it as one word, in quotes if it has spaces: 'COUNTS[0] + 1'",
    );
  }
  return {
    command: "print",
    ...request,
    at: instant("print", values.at),
    expression: expression[0]!,
    frame: frameNumber(values.frame ?? "0"),
    isJson: values.json ?? false,
  };
}

function frameNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UserError(
    `${JSON.stringify(text)} is no frame`,
    "give the number that `pollscope stack` shows before it, 0 for the innermost",
  );
}

function parseWhy(words: string[]): Request {
  const { values, positionals } = parseWords("why", words, { ...HELP, ...JSON_OUTPUT, ...BOARD, ...INSTANT });
  if (values.help === true) return { command: "help", topic: "why" };
  const [firmware, task, ...more] = positionals;
  const request = board("why", values, firmware === undefined ? [] : [firmware]);
  if (more.length > 0) throw new UserError("`pollscope why` is about one task", "name one, or none for all");
  return { command: "why", ...request, at: instant("why", values.at), task, isJson: values.json ?? false };
}

function parseLint(words: string[]): Request {
  const { values, positionals } = parseWords("lint", words, {
    ...HELP,
    ...JSON_OUTPUT,
    fix: { type: "boolean" },
    "fail-on": { type: "string" },
    sarif: { type: "string" },
    severity: { type: "string", multiple: true },
    elf: { type: "string", multiple: true },
  });
  if (values.help === true) return { command: "help", topic: "lint" };
  return {
    command: "lint",
    paths: positionals,
    isJson: values.json ?? false,
    sarif: values.sarif,
    isFixing: values.fix ?? false,
    failOn: severity(values["fail-on"] ?? "warning"),
    severities: Object.fromEntries((values.severity ?? []).map(lintSeverity)),
    elfs: values.elf ?? [],
  };
}

/** `timer-loop-drift=off` */
function lintSeverity(text: string): [LintCode, Severity | "off"] {
  const [code, level] = text.split("=");
  const known = LINT_CODES.find((each) => each === code);
  if (known === undefined || level === undefined) {
    throw new UserError(
      `${JSON.stringify(text)} sets no lint's severity`,
      `write CODE=SEVERITY; the codes are ${LINT_CODES.join(", ")}`,
    );
  }
  return [known, level === "off" ? level : severity(level)];
}

function parseGdbServer(words: string[]): Request {
  const { values, positionals } = parseWords("gdb-server", words, {
    ...HELP,
    ...BOARD,
    port: { type: "string" },
  });
  if (values.help === true) return { command: "help", topic: "gdb-server" };
  const port = values.port === undefined ? DEFAULT_GDB_PORT : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 0xffff || values.port?.trim() === "") {
    throw new UserError(
      `${JSON.stringify(values.port)} is no port`,
      "give a number from 0 to 65535, 0 for any free one",
    );
  }
  return { command: "gdb-server", ...board("gdb-server", values, positionals), port };
}

/** What to debug is in the editor's launch request. */
function parseDap(words: string[]): Request {
  const { values, positionals } = parseWords("dap", words, HELP);
  if (values.help === true) return { command: "help", topic: "dap" };
  if (positionals.length === 0) return { command: "dap" };
  throw new UserError(
    `\`pollscope dap\` takes no firmware, and ${JSON.stringify(positionals[0])} looks like one`,
    'name it in the launch configuration: "program"',
  );
}

interface BoardValues {
  readonly press?: string[] | undefined;
  readonly type?: string[] | undefined;
  readonly part?: string[] | undefined;
}

function board(command: string, values: BoardValues, positionals: readonly string[]): BoardRequest {
  return {
    firmware: onlyFile(command, positionals),
    presses: values.press ?? [],
    types: values.type ?? [],
    parts: values.part ?? [],
  };
}

function instant(command: string, text: string | undefined): Nanoseconds {
  const at = text === undefined ? undefined : parseDuration(text);
  if (at !== undefined) return at;
  const what =
    text === undefined
      ? `\`pollscope ${command}\` needs an instant`
      : `${JSON.stringify(text)} is no instant`;
  throw new UserError(what, "say when after power-on to look, for example --at 1.5s");
}
