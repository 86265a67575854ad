// Runs inside VS Code's extension host: `run` is what `@vscode/test-electron` calls, too.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import { runChecks } from "../checks.mjs";
import { debugChecks } from "./debug-checks.mjs";

const ID = "pollscope.pollscope";
const VIEW_TYPE = "pollscope.trace";

export async function run() {
  const failed = await runChecks([...CHECKS, ...debugChecks], process.env.POLLSCOPE_E2E_REPORT);
  if (failed > 0) throw new Error(`${failed} failed`);
}

const CHECKS = [
  [
    "is installed and not active before it is used",
    () => {
      assert.equal(extension().isActive, false);
    },
  ],
  [
    "opens a trace file in its editor, and is active then",
    async () => {
      await vscode.commands.executeCommand("vscode.open", inWorkspace("demo.pollscope"));
      assert.deepEqual(activeCustomEditor(), { name: "demo.pollscope", viewType: VIEW_TYPE });
      assert.equal(extension().isActive, true);
    },
  ],
  [
    "registers every command that its manifest names",
    async () => {
      const known = await vscode.commands.getCommands(true);
      const named = extension().packageJSON.contributes.commands;
      assert.deepEqual(
        named.map(({ command }) => command).filter((command) => !known.includes(command)),
        [],
      );
      assert.ok(named.every(({ category }) => category === "Pollscope"));
    },
  ],
  [
    "traces for two seconds unless a setting says otherwise",
    () => {
      assert.equal(vscode.workspace.getConfiguration("pollscope").get("trace.duration"), "2s");
    },
  ],
  [
    "traces a sample and opens what it did",
    async () => {
      await vscode.commands.executeCommand("pollscope.traceSample", "blink-release");
      assert.deepEqual(activeCustomEditor(), { name: "blink-release.pollscope", viewType: VIEW_TYPE });
      assert.ok(existsSync(activeInput().uri.fsPath));
    },
  ],
  [
    "traces a firmware file of the workspace, twice into the same tab",
    async () => {
      const firmware = inWorkspace("blink.elf");
      await vscode.commands.executeCommand("pollscope.traceFirmware", firmware);
      assert.deepEqual(activeCustomEditor(), { name: "blink.pollscope", viewType: VIEW_TYPE });
      const tabs = allTabs().length;
      await vscode.commands.executeCommand("pollscope.traceFirmware", firmware);
      assert.equal(allTabs().length, tabs);
    },
  ],
  [
    "opens no tab for a file that is no firmware",
    async () => {
      const tabs = allTabs().length;
      await vscode.commands.executeCommand("pollscope.traceFirmware", inWorkspace("broken.elf"));
      assert.equal(allTabs().length, tabs);
    },
  ],
];

function extension() {
  const found = vscode.extensions.getExtension(ID);
  assert.ok(found, `${ID} is not installed`);
  return found;
}

function inWorkspace(name) {
  return vscode.Uri.file(join(vscode.workspace.workspaceFolders[0].uri.fsPath, name));
}

function activeInput() {
  return vscode.window.tabGroups.activeTabGroup.activeTab?.input;
}

function activeCustomEditor() {
  const input = activeInput();
  if (!(input instanceof vscode.TabInputCustom)) return undefined;
  return { name: basename(input.uri.path), viewType: input.viewType };
}

function allTabs() {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
}
