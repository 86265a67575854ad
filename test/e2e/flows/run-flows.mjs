import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startVsCode } from "../host/vscode-host.mjs";
import { cargoFlows } from "./cargo-flows.mjs";
import { commandFlows } from "./command-flows.mjs";
import { debugFlows, openedSampleFlows } from "./debug-flows.mjs";
import { damagedFileFlows } from "./damaged-file-flows.mjs";
import { debugLookFlows } from "./debug-look-flows.mjs";
import { lookFlows } from "./look-flows.mjs";
import { restrictedFlows } from "./restricted-flows.mjs";
import { traceEditorFlows } from "./trace-editor-flows.mjs";
import { extensionReady, workbenchReady } from "./workbench.mjs";

const SCREENSHOTS = join(import.meta.dirname, "../screenshots");

/** Groups of flows; each group has a VS Code of its own, and its flows follow on each other in it. */
const GROUPS = [
  { name: "trace editor", flows: traceEditorFlows },
  { name: "damaged files", flows: damagedFileFlows },
  { name: "commands", flows: commandFlows },
  { name: "trace look", flows: lookFlows },
  { name: "debug", flows: debugFlows, folder: "bare" },
  { name: "opened sample", flows: openedSampleFlows, folder: "none" },
  { name: "debug look", flows: debugLookFlows, folder: "bare" },
  { name: "cargo", flows: cargoFlows, folder: "project" },
  { name: "restricted", flows: restrictedFlows, isRestricted: true },
];

/** Runs the flows whose names contain `wanted`, or the group of that name, and tells of every one. */
export async function runFlows({ wanted, onOutcome, ...staged }) {
  rmSync(SCREENSHOTS, { recursive: true, force: true });
  mkdirSync(SCREENSHOTS, { recursive: true });
  for (const { name: group, flows, folder = "workspace", ...options } of GROUPS) {
    const chosen = group === wanted ? flows : flows.filter(([name]) => name.includes(wanted));
    const { extensions, [folder]: workspace } = staged;
    if (chosen.length > 0) await runGroup(chosen, { extensions, workspace, options, onOutcome });
  }
}

async function runGroup(flows, { extensions, workspace, options, onOutcome }) {
  const { isRestricted = false } = options;
  const host = await startVsCode({ workspace, extensions, ...options });
  const screenshot = (name) => host.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  try {
    await workbenchReady(host.page, { isEmpty: workspace === undefined });
    if (!isRestricted) await extensionReady(host.page);
    for (const [name, flow] of flows) {
      try {
        await flow({ ...host, extensions, workspace, screenshot });
        onOutcome({ name, error: null });
      } catch (error) {
        await screenshot(`failed: ${name}`.replaceAll(/[^a-z0-9]+/gi, "-"));
        onOutcome({ name, error: briefly(error) });
      }
    }
  } finally {
    await host.stop();
  }
}

/** An error without the log of everything that was tried on the way to it. */
function briefly(error) {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n").slice(0, 8).join("\n");
}
