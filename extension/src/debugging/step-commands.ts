import * as vscode from "vscode";
import type { CustomCommand } from "#adapter/protocol/custom-requests";
import { ask, focusedThread } from "./debuggee";

/** Each step that other debuggers lack, with the request that makes it. */
const STEPS = {
  "pollscope.stepToNextPoll": "pollscope/nextPoll",
  "pollscope.stepToNextWake": "pollscope/nextWake",
  "pollscope.stepToEndOfPoll": "pollscope/endOfPoll",
  "pollscope.stepToNextTaskEvent": "pollscope/nextTaskEvent",
} as const satisfies Readonly<Record<string, CustomCommand>>;

/** The steps by poll, wake and task event: buttons of the debug toolbar, keys, and commands. */
export function registerStepCommands(): vscode.Disposable[] {
  return Object.entries(STEPS).map(([id, request]) =>
    vscode.commands.registerCommand(id, async () => {
      const thread = focusedThread();
      if (thread === undefined) return;
      try {
        await ask(thread.session, request, { threadId: thread.threadId });
      } catch (error) {
        // The adapter's sentence says why it does not step, such as that the firmware runs already.
        void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      }
    }),
  );
}
