import * as vscode from "vscode";
import { type BundledSample, launchName } from "./bundled-samples";

/** The sample called `name` (`blink-dev`), or the one that is picked; undefined if none is. */
export async function pickSample(
  samples: readonly BundledSample[],
  title: string,
  name: string | undefined,
): Promise<BundledSample | undefined> {
  const named = samples.find((each) => launchName(each) === name);
  if (named !== undefined) return named;
  const items = samples.map((sample) => ({
    label: sample.name,
    description: sample.profile === "dev" ? "debug build" : "release build",
    detail: sample.description,
    sample,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: "Firmware that comes with Pollscope",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.sample;
}
