// Checks of a debug session through VS Code's own interface for extensions: they run in any VS Code, also the desktop's.
import assert from "node:assert/strict";
import * as vscode from "vscode";

export const debugChecks = [
  [
    "a sample is debugged: the core and its tasks are threads",
    async () => {
      const { session } = await debugSample("blink-dev");
      const { threads } = await session.customRequest("threads");
      const names = threads.map(({ name }) => name.split(" · ")[0]).sort();
      assert.deepEqual(names, ["blink_task", "core 0", "heartbeat_task", "main"]);
      await vscode.debug.stopDebugging(session);
    },
  ],
  [
    "sources of a sample are found where they can be opened",
    async () => {
      const { session } = await debugSample("blink-dev");
      const { places } = await session.customRequest("pollscope/awaits");
      assert.ok(places.length > 0);
      for (const { path } of places) await vscode.workspace.openTextDocument(path);
      await vscode.debug.stopDebugging(session);
    },
  ],
  [
    "a launch configuration without a firmware is refused, and no session stays",
    async () => {
      const folder = vscode.workspace.workspaceFolders[0];
      const configuration = { type: "pollscope", request: "launch", name: "nothing" };
      const ended = eventOf(vscode.debug.onDidTerminateDebugSession, ({ name }) => name === "nothing");
      await vscode.debug.startDebugging(folder, configuration, { suppressDebugToolbar: true });
      await ended;
      assert.equal(vscode.debug.activeDebugSession, undefined);
    },
  ],
  [
    "the keys of the steps are not those of anything else",
    async () => {
      await vscode.commands.executeCommand("workbench.action.openDefaultKeybindingsFile");
      const text = vscode.window.activeTextEditor.document.getText();
      const bindings = [...text.matchAll(/"key": "([^"]+)",\s*"command": "([^"]+)"/g)].map(
        ([, key, command]) => ({ key, command }),
      );
      assert.ok(bindings.length > 500, `only ${bindings.length} key bindings were read`);
      const ours = bindings.filter(({ command }) => command.startsWith("pollscope."));
      assert.equal(ours.length, 4);
      const keys = new Set(ours.map(({ key }) => key));
      assert.deepEqual(
        bindings.filter(({ key, command }) => keys.has(key) && !command.startsWith("pollscope.")),
        [],
      );
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    },
  ],
];

/** Starts a sample and gives its session once the firmware stands still after its tasks have been spawned. */
async function debugSample(sample) {
  const stopped = stateOf("stopped");
  const configuration = { type: "pollscope", request: "launch", name: sample, sample };
  assert.equal(await vscode.debug.startDebugging(undefined, configuration), true);
  const session = vscode.debug.activeDebugSession;
  await session.customRequest("pause", { threadId: 1 });
  await stopped;
  // The pause may have come before anything ran: the second poll of a task comes after all spawns.
  for (let poll = 0; poll < 4; poll++) {
    const next = stateOf("stopped");
    await session.customRequest("pollscope/nextPoll", { threadId: 1 });
    await next;
  }
  return { session };
}

/** The adapter's next word that the firmware runs or stands still. */
function stateOf(kind) {
  return eventOf(
    vscode.debug.onDidReceiveDebugSessionCustomEvent,
    ({ event, body }) => event === "pollscope/state" && body.kind === kind,
  );
}

/** The first event that fits. */
function eventOf(event, fits) {
  return new Promise((resolve) => {
    const listener = event((each) => {
      if (!fits(each)) return;
      listener.dispose();
      resolve(each);
    });
  });
}
