import { basename } from "node:path";
import * as vscode from "vscode";
import type { ProtocolPlace, WhyBody } from "#adapter/protocol/custom-requests";
import { ask, CORE_THREAD, type DebuggeeSessions, type DebuggeeThread, focusedThread } from "./debuggee";

/** "Why Is This Task Not Running?": the chain from a task to who has to act; what is picked is opened. */
export function registerWhyCommand(sessions: DebuggeeSessions): vscode.Disposable {
  return vscode.commands.registerCommand("pollscope.why", async (...context: readonly unknown[]) => {
    const thread = context.map((each) => sessions.threadOf(each)).find((each) => each !== undefined);
    try {
      const task = await theTask(thread ?? focusedThread());
      if (task === undefined) return;
      const why = await ask(task.session, "pollscope/why", { threadId: task.threadId });
      await showWhy(why);
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  });
}

/** The core is no task: then the user says which one is meant. */
async function theTask(thread: DebuggeeThread | undefined): Promise<DebuggeeThread | undefined> {
  if (thread?.threadId !== CORE_THREAD) return thread;
  const { session } = thread;
  const { tasks } = await ask(session, "pollscope/tasks");
  const items = tasks.map(({ name, description, threadId }) => ({ label: name, description, threadId }));
  const picked = await vscode.window.showQuickPick(items, {
    title: "Why Is This Task Not Running?",
    placeHolder: "Which task?",
    matchOnDescription: true,
  });
  return picked && { session, threadId: picked.threadId };
}

async function showWhy({ verdict, steps }: WhyBody): Promise<void> {
  const items = steps.map(({ text, place }, depth) => ({
    label: `${"\u2003".repeat(depth)}${depth === 0 ? "" : "\u2514 "}${text}`,
    description: place === null ? "" : `${basename(place.path)}:${place.line}`,
    place,
  }));
  const end = { label: `$(info) ${verdict}`, description: "", place: steps.at(-1)?.place ?? null };
  const picked = await vscode.window.showQuickPick([...items, end], {
    title: "Why Is This Task Not Running?",
    placeHolder: verdict,
  });
  const place = picked?.place ?? null;
  if (place !== null) await open(place);
}

async function open({ path, line }: ProtocolPlace): Promise<void> {
  const start = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(path), { selection: new vscode.Range(start, start) });
}
