import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import { CommandLineError, runCommandLine } from "../platform/command-line";
import { TRACE_VIEW_TYPE } from "../trace-editor/trace-editor";
import { readSamples } from "./samples";
import { tracePlace } from "./trace-place";

/** The commands that run firmware in the emulated Pico and show what its tasks did. */
export function registerTraceCommands(
  { extensionPath, storageUri, globalStorageUri }: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const surroundings: Surroundings = {
    program: join(extensionPath, "dist", "pollscope.js"),
    samples: join(extensionPath, "samples", "prebuilt"),
    storage: (storageUri ?? globalStorageUri).fsPath,
    log,
  };
  return [
    vscode.commands.registerCommand("pollscope.traceFirmware", async (chosen?: vscode.Uri) => {
      const firmware = chosen ?? (await pickFirmware());
      if (firmware !== undefined) await trace(firmware, surroundings);
    }),
    vscode.commands.registerCommand("pollscope.traceSample", async (name?: string) => {
      const sample = await pickSample(surroundings.samples, name);
      if (sample !== undefined) await trace(vscode.Uri.file(sample), surroundings);
    }),
  ];
}

/** What tracing needs of the world. */
interface Surroundings {
  /** The bundled command line. */
  readonly program: string;
  /** The folder of the bundled samples. */
  readonly samples: string;
  /** The folder for the extension's own files. */
  readonly storage: string;
  readonly log: vscode.LogOutputChannel;
}

async function pickFirmware(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: "Trace a Firmware File",
    openLabel: "Trace",
    // What cargo builds for a Pico has no extension.
    filters: { "All files": ["*"], "Firmware (ELF)": ["elf"] },
  });
  return picked?.[0];
}

/** The file of the sample called `name` (`blink-release`), or of the one that is picked. */
async function pickSample(folder: string, name: string | undefined): Promise<string | undefined> {
  const items = (await readSamples(folder)).map((sample) => ({
    label: sample.name,
    description: sample.profile,
    detail: sample.description,
    file: sample.file,
  }));
  const named = items.find(({ file }) => name !== undefined && basename(file) === `${name}.elf`);
  if (named !== undefined) return named.file;
  const picked = await vscode.window.showQuickPick(items, {
    title: "Trace a Sample",
    placeHolder: "Firmware that comes with Pollscope",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.file;
}

/** Runs firmware, with progress that can be cancelled, and opens its trace; an error is shown as one sentence. */
async function trace(firmware: vscode.Uri, surroundings: Surroundings): Promise<void> {
  const { log } = surroundings;
  try {
    refuseToRunWhenRestricted();
    if (firmware.scheme !== "file") {
      throw new CommandLineError(
        `${firmware.toString(true)} is not on this machine's disk; copy it there first`,
      );
    }
    const file = await runWithProgress(firmware.fsPath, surroundings);
    if (file === undefined) return;
    await vscode.commands.executeCommand("vscode.openWith", vscode.Uri.file(file), TRACE_VIEW_TYPE);
  } catch (error) {
    if (!(error instanceof CommandLineError)) throw error;
    log.error(error.message);
    const showLog = "Show Log";
    void vscode.window.showErrorMessage(error.message, showLog).then((answer) => {
      if (answer === showLog) log.show();
    });
  }
}

/** The commands are hidden in a restricted workspace, but a key binding or another extension can still call them. */
function refuseToRunWhenRestricted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new CommandLineError("Pollscope runs firmware only in a trusted workspace; trust this one first");
}

/** Gives the trace's file, or undefined if the run was cancelled. */
function runWithProgress(firmware: string, { program, storage, log }: Surroundings) {
  const duration = vscode.workspace.getConfiguration("pollscope").get<string>("trace.duration", "2s");
  const options: vscode.ProgressOptions = {
    location: vscode.ProgressLocation.Notification,
    title: `Tracing ${basename(firmware)} for ${duration} of its own time`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (_progress, cancellation) => {
    const controller = new AbortController();
    cancellation.onCancellationRequested(() => controller.abort());
    const { folder, file } = tracePlace(storage, firmware);
    await mkdir(folder, { recursive: true });
    const words = ["trace", firmware, `--for=${duration}`, `--save=${file}`];
    log.info(`pollscope ${words.join(" ")}`);
    try {
      await runCommandLine({
        program,
        words,
        signal: controller.signal,
        onNote: (line) => log.info(line),
      });
      return file;
    } catch (error) {
      if (!controller.signal.aborted) throw error;
      log.info("cancelled");
      return undefined;
    }
  });
}
