import * as vscode from "vscode";
import type { Selection } from "#webview/panels/messages";
import { ask } from "../debugging/debuggee";

interface Selected {
  readonly selection: Selection;
  /** The view in which it was selected; undefined if it was none. */
  readonly from: object | undefined;
}

/** What is selected in one view of a session, told to the others. */
export class Selections implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<Selected>();

  select(selection: Selection, from?: object): void {
    this.emitter.fire({ selection, from });
  }

  /** Tells a view what was selected in others. */
  listen(view: object, onSelected: (selection: Selection) => void): vscode.Disposable {
    return this.emitter.event(({ selection, from }) => {
      if (from !== view) onSelected(selection);
    });
  }

  dispose(): void {
    this.emitter.dispose();
  }
}

/** The thread of a task, by its name as the trace has it. */
export async function threadOfTask(session: vscode.DebugSession, name: string): Promise<number | undefined> {
  return (await tasksOf(session)).find((task) => task.name === name)?.threadId;
}

/** The name of a thread's task; undefined for the core. */
export async function taskOfThread(
  session: vscode.DebugSession,
  threadId: number,
): Promise<string | undefined> {
  return (await tasksOf(session)).find((task) => task.threadId === threadId)?.name;
}

/** The tasks of a session; none once it has ended, or before its firmware is loaded. */
async function tasksOf(session: vscode.DebugSession) {
  try {
    return (await ask(session, "pollscope/awaitTree", { reasons: false })).tasks;
  } catch {
    return [];
  }
}
