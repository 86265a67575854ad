import { cpSync, mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { performance } from "node:perf_hooks";
import { clearTimeout, setTimeout } from "node:timers";
import { installExtension, startVsCode } from "../host/vscode-host.mjs";
import { missingForRealBuild, writeRealProject } from "../fixtures/real-project.mjs";
import { breakpointFlows } from "./breakpoint-flows.mjs";
import { cargoFlows } from "./cargo-flows.mjs";
import { commandFlows } from "./command-flows.mjs";
import { debugFlows, openedSampleFlows } from "./debug-flows.mjs";
import { damagedFileFlows } from "./damaged-file-flows.mjs";
import { debugLookFlows } from "./debug-look-flows.mjs";
import { faultFlows } from "./fault-flows.mjs";
import { builtProjectFlows, layoutFlows } from "./layout-flows.mjs";
import { findingFlows } from "./finding-flows.mjs";
import { flashFlows, missingForFlash, restrictedFlashFlows } from "./flash-flows.mjs";
import { lintFlows } from "./lint-flows.mjs";
import { lookFlows } from "./look-flows.mjs";
import { panelBoardFlows } from "./panel-board-flows.mjs";
import { panelMachineFlows } from "./panel-machine-flows.mjs";
import { panelTreeFlows } from "./panel-tree-flows.mjs";
import { probeFlows, writeProbeRs } from "./probe-flows.mjs";
import { projectsFlows } from "./projects-flows.mjs";
import { realBuildFlows } from "./real-build-flows.mjs";
import { restrictedFlows, restrictedProjectFlows } from "./restricted-flows.mjs";
import { stepFlows } from "./step-flows.mjs";
import { liveTimelineFlows, timelineFlows } from "./timeline-flows.mjs";
import { traceEditorFlows } from "./trace-editor-flows.mjs";
import { valueFlows } from "./value-flows.mjs";
import { extensionReady, workbenchReady } from "./workbench.mjs";

const SCREENSHOTS = join(import.meta.dirname, "../screenshots");

/** What a group needs that is not on every machine, and what it is prepared with: variables for VS Code. */
const realBuild = { missing: missingForRealBuild, prepare: writeRealProject };

/** As the settings of the samples' folders have it, which a slow VS Code may read too late from its server. */
const showsReadme = { "workbench.startupEditor": "readme" };

/** VS Codes at a time: each keeps a processor busy for most of its time. */
const LANES = Math.min(2, availableParallelism());

/** Milliseconds; several times what the longest flow takes on a slow machine. */
const LONGEST_FLOW = 180_000;

/** Folders that know nothing of where they are: each group has a copy of its own, so that none waits for another. */
const COPIED = ["bare", "workspace"];

/** Groups of flows; each group has a VS Code of its own, and its flows follow on each other in it. */
const GROUPS = [
  { name: "trace editor", flows: traceEditorFlows },
  { name: "damaged files", flows: damagedFileFlows },
  { name: "commands", flows: commandFlows },
  { name: "trace look", flows: lookFlows },
  { name: "timeline", flows: timelineFlows },
  { name: "live timeline", flows: liveTimelineFlows, folder: "bare" },
  { name: "debug", flows: debugFlows, folder: "bare" },
  { name: "opened sample", flows: openedSampleFlows, folder: "none", settings: showsReadme },
  { name: "debug look", flows: debugLookFlows, folder: "bare" },
  { name: "panel board", flows: panelBoardFlows, folder: "bare" },
  { name: "panel machines", flows: panelMachineFlows, folder: "bare" },
  { name: "panel trees", flows: panelTreeFlows, folder: "bare" },
  { name: "debug values", flows: valueFlows, folder: "bare" },
  { name: "debug breakpoints", flows: breakpointFlows, folder: "bare" },
  { name: "debug steps", flows: stepFlows, folder: "bare" },
  { name: "findings", flows: findingFlows, folder: "bare" },
  { name: "cargo", flows: cargoFlows, folder: "project" },
  { name: "faults", flows: faultFlows, folder: "project" },
  { name: "projects", flows: projectsFlows, folder: "projects" },
  { name: "layouts", flows: layoutFlows, folder: "none", settings: showsReadme },
  { name: "lints", flows: lintFlows, folder: "linted" },
  { name: "built layouts", flows: builtProjectFlows, folder: "unbuilt" },
  { name: "real build", flows: realBuildFlows, folder: "real", ...realBuild },
  { name: "flash", flows: flashFlows, folder: "flashed", missing: missingForFlash },
  { name: "probe", flows: probeFlows, folder: "probed", prepare: writeProbeRs },
  { name: "flash restricted", flows: restrictedFlashFlows, folder: "distrusted", isRestricted: true },
  { name: "restricted", flows: restrictedFlows, isRestricted: true },
  { name: "restricted project", flows: restrictedProjectFlows, folder: "distrusted", isRestricted: true },
];

/**
 * Runs the group called `wanted`, or else the flows whose names contain it, and tells of every one. A group in which a
 * flow fails is tried once more in another VS Code, and that is told: what counts is the second attempt. What a person
 * would do again without a thought, as a click on a button that has just moved, is not what the flows are for.
 */
export async function runFlows({ wanted, onOutcome, onNotRun, onSecondAttempt, ...staged }) {
  rmSync(SCREENSHOTS, { recursive: true, force: true });
  mkdirSync(SCREENSHOTS, { recursive: true });
  const groups = GROUPS.some(({ name }) => name === wanted)
    ? GROUPS.filter(({ name }) => name === wanted)
    : GROUPS.map((group) => ({ ...group, flows: group.flows.filter(([name]) => name.includes(wanted)) }));
  const lines = linesOf(groups.filter(({ flows }) => flows.length > 0));
  const runLine = async (line, extensions) => {
    for (const { flows, folder, missing, prepare, ...options } of line) {
      const why = missing?.();
      if (why !== undefined) {
        onNotRun(why);
        continue;
      }
      const attempt = async (number) => {
        const workspace = ownWorkspace(staged, folder, `${options.name} ${number}`);
        const environment = prepare?.(workspace);
        return runGroup(flows, { extensions, workspace, options: { ...options, environment } });
      };
      let outcomes = await attempt(1);
      const failed = outcomes.find(({ error }) => error !== null);
      if (failed !== undefined) {
        onSecondAttempt(options.name, failed);
        outcomes = await attempt(2);
      }
      outcomes.forEach(onOutcome);
    }
  };
  const lanes = Array.from({ length: Math.min(LANES, lines.length) }, async (_, lane) => {
    const extensions = ownExtensions(staged, lane);
    for (let line = lines.shift(); line !== undefined; line = lines.shift()) await runLine(line, extensions);
  });
  await Promise.all(lanes);
}

/** Flows count the adapters of their VS Code, and kill them, by the folder that these were started from. */
function ownExtensions({ folder, vsix, extensions }, lane) {
  if (lane === 0) return extensions;
  const own = join(folder, `lane-${lane}`, "extensions");
  mkdirSync(own, { recursive: true });
  installExtension(vsix, own);
  return own;
}

/** Groups one after the other that change the same folder. */
function linesOf(groups) {
  const lines = new Map();
  for (const { folder = "workspace", ...group } of groups) {
    const key = COPIED.includes(folder) || folder === "none" ? group.name : folder;
    lines.set(key, [...(lines.get(key) ?? []), { folder, ...group }]);
  }
  return [...lines.values()];
}

/** The folder that a group works in; none for an empty window. */
function ownWorkspace(staged, folder, group) {
  const prepared = staged[folder];
  if (!COPIED.includes(folder)) return prepared;
  const copy = join(staged.folder, "copies", group, basename(prepared));
  cpSync(prepared, copy, { recursive: true });
  return copy;
}

/** Runs the flows of a group until one fails, and tells how each has ended. */
async function runGroup(flows, { extensions, workspace, options }) {
  const { isRestricted = false } = options;
  const host = await startVsCode({ workspace, extensions, ...options });
  const screenshot = (name) => host.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  const outcomes = [];
  try {
    await workbenchReady(host.page, { isEmpty: workspace === undefined });
    if (!isRestricted) await extensionReady(host.page);
    // Flows go on from where the one before has left the window: behind one that failed each would wait in vain.
    let failed;
    for (const [name, flow] of flows) {
      if (failed !== undefined) {
        outcomes.push({ name, error: `not tried, because this failed before: ${failed}` });
        continue;
      }
      const began = performance.now();
      try {
        await inTime(flow({ ...host, extensions, workspace, screenshot }));
        outcomes.push({ name, error: null, seconds: (performance.now() - began) / 1000 });
      } catch (error) {
        failed = name;
        await screenshot(`failed: ${name}`.replaceAll(/[^a-z0-9]+/gi, "-"));
        outcomes.push({ name, error: briefly(error) });
      }
    }
  } finally {
    await host.stop();
  }
  return outcomes;
}

/** Fails when a flow waits for something outside of the page, which knows no end of its patience. */
function inTime(flow) {
  let timer;
  const expired = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done in ${LONGEST_FLOW / 1000} s`)), LONGEST_FLOW);
  });
  return Promise.race([flow, expired]).finally(() => clearTimeout(timer));
}

/** An error without the log of everything that was tried on the way to it. */
function briefly(error) {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n").slice(0, 8).join("\n");
}
