import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "#adapter/base/errors";
import { runBoards } from "./boards-command";
import { runCheck } from "./check-command";
import { parseCommandLine } from "./command-line";
import { runConsole } from "./console-command";
import { runDap } from "./dap-command";
import { runExport } from "./export-command";
import { runFlash } from "./flash-command";
import { runFutures } from "./futures-command";
import { runGdbServer } from "./gdb-server-command";
import { helpText } from "./help";
import { runLint } from "./lint-command";
import { type Output, streamOutput } from "./output";
import { runPrint } from "./print-command";
import type { CheckRequest, LintRequest, Request } from "./requests";
import { runStack } from "./stack-command";
import { runTasks } from "./tasks-command";
import { sourcePathShower } from "./text/source-path";
import { textStyle } from "./text/style";
import { runTrace } from "./trace-command";
import { runUf2 } from "./uf2-command";
import { runWhy } from "./why-command";

/** Exit status: the command line is wrong. 1 means that a file or the firmware could not be used. */
const USAGE = 2;

/** The bundle lies in `dist`, one below the package's folder. */
const packageFolder = resolve(__dirname, "..");
const showPath = sourcePathShower(packageFolder);

async function main(words: readonly string[]): Promise<number> {
  const style = textStyle(process.stdout.isTTY, process.env);
  const output = streamOutput(process.stdout, process.stderr, style);
  let request: Request;
  try {
    request = parseCommandLine(words);
  } catch (error) {
    return report(error, output, USAGE);
  }
  try {
    if (request.command === "check") return await runCheck(request, output, { showPath, version: version() });
    if (request.command === "lint")
      return await runLint(request, output, { showPath, version: version(), bundles: __dirname });
    await run(request, output);
    return 0;
  } catch (error) {
    return report(error, output, 1);
  }
}

async function run(request: Exclude<Request, CheckRequest | LintRequest>, output: Output): Promise<void> {
  switch (request.command) {
    case "help":
      return output.write(helpText(request.topic));
    case "version":
      return output.write(`${version()}\n`);
    case "futures":
      return runFutures(request, output, showPath);
    case "trace":
      return runTrace(request, output, showPath);
    case "tasks":
      return runTasks(request, output, showPath);
    case "stack":
      return runStack(request, output, showPath);
    case "print":
      return runPrint(request, output);
    case "why":
      return runWhy(request, output, showPath);
    case "dap":
      return runDap(packageFolder);
    case "gdb-server":
      return runGdbServer(request, output);
    case "export":
      return runExport(request, output);
    case "flash":
      return runFlash(request, output);
    case "boards":
      return runBoards(request, output);
    case "uf2":
      return runUf2(request, output);
    case "console":
      return runConsole(request, output, showPath);
  }
}

/** One sentence for what the user can mend; anything else is a fault of ours and keeps its stack. */
function report(error: unknown, output: Output, status: number): number {
  if (error instanceof UserError) {
    output.note(`pollscope: ${error.message}`);
    return status;
  }
  output.note(`pollscope: this is a fault of Pollscope itself; please report it with these lines`);
  output.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(resolve(packageFolder, "package.json"), "utf8")) as {
    version: string;
  };
  return manifest.version;
}

void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
