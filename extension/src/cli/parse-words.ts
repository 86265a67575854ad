import { parseArgs } from "node:util";
import { UserError } from "#adapter/base/errors";

export const HELP = { help: { type: "boolean", short: "h" } } as const;
export const JSON_OUTPUT = { json: { type: "boolean" } } as const;

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

/**
 * The words behind the name of a command, as options and the rest.
 * @throws UserError if there is an option that the command has not
 */
export function parseWords<T extends Options>(command: string, words: string[], options: T) {
  try {
    return parseArgs({ args: words, options, allowPositionals: true, strict: true });
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UserError(sentence!, `\`pollscope ${command} --help\` lists the options`);
  }
}

/** The firmware file, of which there must be one. */
export function onlyFile(command: string, positionals: readonly string[]): string {
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
