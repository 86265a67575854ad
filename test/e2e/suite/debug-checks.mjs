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
      await endDebugging(session);
    },
  ],
  [
    "sources of a sample are found where they can be opened",
    async () => {
      const { session } = await debugSample("blink-dev");
      const { places } = await session.customRequest("pollscope/awaits");
      assert.ok(places.length > 0);
      for (const { path } of places) await vscode.workspace.openTextDocument(path);
      await endDebugging(session);
    },
  ],
  [
    "a launch configuration without a firmware is refused in a sentence, and no session stays",
    async () => {
      const configuration = { type: "pollscope", request: "launch", name: "nothing" };
      // VS Code shows the sentence as a dialog, and refuses dialogs in tests with their text.
      await assert.rejects(
        async () => vscode.debug.startDebugging(undefined, configuration),
        /The launch configuration names no firmware; set one of "program"/,
      );
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
  const configuration = { type: "pollscope", request: "launch", name: sample, sample, stopOnEntry: true };
  assert.equal(await vscode.debug.startDebugging(undefined, configuration), true);
  const { session } = await stopped;
  // The first poll is of `main`, which spawns the others; their second polls come after all of that.
  for (let poll = 0; poll < 5; poll++) {
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

/** Ends a session, and waits until it is no longer the active one, which is after `stopDebugging` has come back. */
async function endDebugging(session) {
  const isActive = vscode.debug.activeDebugSession?.id === session.id;
  const left = isActive
    ? eventOf(vscode.debug.onDidChangeActiveDebugSession, (active) => active === undefined)
    : undefined;
  await vscode.debug.stopDebugging(session);
  await left;
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
