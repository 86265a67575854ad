import { parseArgs } from "node:util";
import { type Nanoseconds } from "#adapter/base/brand";
import { parseDuration } from "#adapter/base/duration";
import { UserError } from "#adapter/base/errors";

/** What `pollscope trace` was asked to do. */
export interface TraceRequest {
  readonly command: "trace";
  readonly firmware: string;
  readonly duration: Nanoseconds;
  readonly isJson: boolean;
  readonly task: string | undefined;
  readonly presses: readonly string[];
  readonly types: readonly string[];
  readonly parts: readonly string[];
  readonly save: string | undefined;
}

/** What `pollscope futures` was asked to do. */
export interface FuturesRequest {
  readonly command: "futures";
  readonly firmware: string;
  readonly isJson: boolean;
  readonly isOwnOnly: boolean;
}

export type Request =
  | TraceRequest
  | FuturesRequest
  | { readonly command: "help"; readonly topic: string | undefined }
  | { readonly command: "version" };

const DEFAULT_DURATION = "2s";

const TRACE_OPTIONS = {
  for: { type: "string" },
  json: { type: "boolean" },
  task: { type: "string" },
  press: { type: "string", multiple: true },
  type: { type: "string", multiple: true },
  part: { type: "string", multiple: true },
  save: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

const FUTURES_OPTIONS = {
  json: { type: "boolean" },
  own: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

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
    case "trace":
      return parseTrace(rest);
    case "futures":
      return parseFutures(rest);
    default:
      throw new UserError(
        `There is no command ${JSON.stringify(command)}`,
        "`pollscope --help` lists the commands",
      );
  }
}

function parseTrace(words: string[]): Request {
  const { values, positionals } = parseWords("trace", words, TRACE_OPTIONS);
  if (values.help === true) return { command: "help", topic: "trace" };
  const text = values.for ?? DEFAULT_DURATION;
  const duration = parseDuration(text);
  if (duration === undefined || duration === 0) {
    throw new UserError(
      `${JSON.stringify(text)} is no length of time`,
      "write it as 2s, 1.5s, 250ms or 3min",
    );
  }
  return {
    command: "trace",
    firmware: onlyFile("trace", positionals),
    duration,
    isJson: values.json ?? false,
    task: values.task,
    presses: values.press ?? [],
    types: values.type ?? [],
    parts: values.part ?? [],
    save: values.save,
  };
}

function parseFutures(words: string[]): Request {
  const { values, positionals } = parseWords("futures", words, FUTURES_OPTIONS);
  if (values.help === true) return { command: "help", topic: "futures" };
  return {
    command: "futures",
    firmware: onlyFile("futures", positionals),
    isJson: values.json ?? false,
    isOwnOnly: values.own ?? false,
  };
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

function parseWords<T extends Options>(command: string, words: string[], options: T) {
  try {
    return parseArgs({ args: words, options, allowPositionals: true, strict: true });
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UserError(sentence!, `\`pollscope ${command} --help\` lists the options`);
  }
}

function onlyFile(command: string, positionals: readonly string[]): string {
  const [file, extra] = positionals;
  if (file === undefined) {
    throw new UserError(
      `\`pollscope ${command}\` needs a firmware file`,
      `name an ELF, for example \`pollscope ${command} target/thumbv6m-none-eabi/release/blink\``,
    );
  }
  if (extra !== undefined) {
    throw new UserError(
      `Only one firmware file can be given, and ${JSON.stringify(extra)} is a second`,
      "leave it out",
    );
  }
  return file;
}
