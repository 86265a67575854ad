import * as vscode from "vscode";
import type { CustomCommand } from "#adapter/protocol/custom-requests";
import { ask, focusedThread, unlessRefused } from "./debuggee";
import { chosenTask } from "./task-choice";

interface Step {
  readonly command: string;
  readonly request: CustomCommand & `pollscope/${"next" | "end"}${string}`;
  /** What a task is asked for, where any task will not do. */
  readonly taskTitle?: string;
}

/** Each step that other debuggers lack. */
const STEPS: readonly Step[] = [
  { command: "pollscope.stepToNextPoll", request: "pollscope/nextPoll" },
  { command: "pollscope.stepToNextWake", request: "pollscope/nextWake" },
  { command: "pollscope.stepToEndOfPoll", request: "pollscope/endOfPoll" },
  {
    command: "pollscope.stepToNextTaskEvent",
    request: "pollscope/nextTaskEvent",
    taskTitle: "Step to the Next Event of a Task",
  },
];

/** The steps by poll, wake and task event: buttons of the debug toolbar, keys, and commands. */
export function registerStepCommands(): vscode.Disposable[] {
  return STEPS.map(({ command, request, taskTitle }) =>
    vscode.commands.registerCommand(command, () =>
      unlessRefused(async () => {
        const focused = focusedThread();
        const thread = focused && taskTitle !== undefined ? await chosenTask(focused, taskTitle) : focused;
        if (thread !== undefined) await ask(thread.session, request, { threadId: thread.threadId });
      }),
    ),
  );
}
