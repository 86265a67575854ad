import { parentPort } from "node:worker_threads";
import { grammarFilesIn } from "../lints/grammar-files";
import { RULES } from "../lints/rules";
import { loadRustParser } from "../lints/syntax/rust-parser";
import type { ToLinter } from "./lint-messages";
import { LintService } from "./lint-service";

/** The thread that lints, so that the extension host never waits. The grammar lies beside this bundle. */
const port = parentPort!;
const waiting: ToLinter[] = [];
let service: LintService | undefined;

port.on("message", (message: ToLinter) => {
  if (service === undefined) waiting.push(message);
  else service.handle(message);
});

void loadRustParser(grammarFilesIn(__dirname)).then((parse) => {
  service = new LintService({
    parse,
    rules: RULES,
    post: (message) => port.postMessage(message),
    later: (work) => void setImmediate(work),
  });
  for (const message of waiting) service.handle(message);
});
