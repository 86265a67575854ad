import { UserError } from "#adapter/base/errors";
import { HELP, parseWords } from "./parse-words";
import type { Request } from "./requests";

/** Reads the words behind `export`. */
export function parseExport(words: string[]): Request {
  const { values, positionals } = parseWords("export", words, { ...HELP, perfetto: { type: "string" } });
  if (values.help === true) return { command: "help", topic: "export" };
  const [trace, extra] = positionals;
  if (trace === undefined || extra !== undefined) {
    throw new UserError(
      `\`pollscope export\` needs one trace, and ${positionals.length} files are named`,
      "name a file that `pollscope trace --save` has written",
    );
  }
  if (values.perfetto === undefined) {
    throw new UserError("`pollscope export` needs to know the form", "say --perfetto FILE");
  }
  return { command: "export", trace, perfetto: values.perfetto };
}
