import { join } from "node:path";
import * as vscode from "vscode";
import { showError } from "../platform/show-error";
import type { Surroundings } from "../platform/surroundings";
import { type BundledSample, readSamples } from "./bundled-samples";
import { pickSample } from "./pick-sample";
import { sampleLaunch } from "./sample-launch";
import { ensureCopy } from "./sample-sources";

/** As in package.json under `walkthroughs`, with the extension's name before it. */
const WALKTHROUGH = "pollscope.pollscope#start";

/** The commands that open a bundled sample, and that debug one without any project or Rust installed, and that lead through them. */
export function registerSampleCommands(surroundings: Surroundings): vscode.Disposable[] {
  const command = (id: string, title: string, act: (sample: BundledSample) => Promise<void>) =>
    vscode.commands.registerCommand(id, async (name?: string) => {
      try {
        const sample = await pickSample(await readSamples(surroundings.samples), title, name);
        if (sample !== undefined) await act(sample);
      } catch (error) {
        showError(error, surroundings.log);
      }
    });
  return [
    command("pollscope.openSample", "Open a Sample", (sample) => openSample(sample, surroundings)),
    command("pollscope.debugSample", "Debug a Sample", (sample) => debugSample(sample, surroundings)),
    vscode.commands.registerCommand("pollscope.getStarted", () =>
      vscode.commands.executeCommand("workbench.action.openWalkthrough", WALKTHROUGH),
    ),
  ];
}

/** Opens the sample's folder: in this window if it is empty, else in one of its own. */
async function openSample(sample: BundledSample, { samples, samplesCopy }: Surroundings): Promise<void> {
  await ensureCopy(samples, samplesCopy);
  const folder = vscode.Uri.file(join(samplesCopy, sample.package));
  const forceNewWindow = vscode.workspace.workspaceFolders !== undefined;
  await vscode.commands.executeCommand("vscode.openFolder", folder, { forceNewWindow });
}

/** Shows the sample's source beside what is open already, and debugs it. */
async function debugSample(sample: BundledSample, { samples, samplesCopy }: Surroundings): Promise<void> {
  await ensureCopy(samples, samplesCopy);
  await vscode.window.showTextDocument(vscode.Uri.file(join(samplesCopy, sample.main)), { preview: false });
  await vscode.debug.startDebugging(undefined, await sampleLaunch(sample, samples));
}
