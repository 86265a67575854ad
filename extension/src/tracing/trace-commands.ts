import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import { runCommandLine } from "../platform/command-line";
import { pickFirmware } from "../platform/pick-firmware";
import { refuseToRunWhenRestricted } from "../platform/trust";
import { showError } from "../platform/show-error";
import { setting } from "../platform/settings";
import type { Surroundings } from "../platform/surroundings";
import { prebuiltFolder, readSamples } from "../samples/bundled-samples";
import { pickSample } from "../samples/pick-sample";
import { TRACE_VIEW_TYPE } from "../trace-editor/trace-editor";
import { tracePlace } from "./trace-place";

/** The commands that run firmware in the emulated Pico and show what its tasks did. */
export function registerTraceCommands(surroundings: Surroundings): vscode.Disposable[] {
  return [
    vscode.commands.registerCommand("pollscope.traceFirmware", async (chosen?: vscode.Uri) => {
      const firmware = chosen ?? (await pickFirmware("Trace a Firmware File", "Trace"));
      if (firmware !== undefined) await trace(firmware, surroundings);
    }),
    vscode.commands.registerCommand("pollscope.traceSample", async (name?: string) => {
      const { samples } = surroundings;
      const sample = await pickSample(await readSamples(samples), "Trace a Sample", name);
      if (sample === undefined) return;
      await trace(vscode.Uri.file(join(prebuiltFolder(samples), sample.file)), surroundings);
    }),
  ];
}

/** Runs firmware, with progress that can be cancelled, and opens its trace; an error is shown as one sentence. */
async function trace(firmware: vscode.Uri, surroundings: Surroundings): Promise<void> {
  try {
    refuseToRunWhenRestricted();
    if (firmware.scheme !== "file") {
      throw new UserError(`${firmware.toString(true)} is not on this machine's disk`, "copy it there first");
    }
    const file = await runWithProgress(firmware.fsPath, surroundings);
    if (file === undefined) return;
    await vscode.commands.executeCommand("vscode.openWith", vscode.Uri.file(file), TRACE_VIEW_TYPE);
  } catch (error) {
    showError(error, surroundings.log);
  }
}

/** Gives the trace's file, or undefined if the run was cancelled. */
function runWithProgress(firmware: string, { extension, storage, log }: Surroundings) {
  const duration = setting("trace.duration");
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
        program: join(extension, "dist", "pollscope.js"),
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
