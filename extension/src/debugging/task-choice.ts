import * as vscode from "vscode";
import { ask, CORE_THREAD, type DebuggeeThread } from "./debuggee";

/** The task that a command is about: the one that is meant, or, as the core is none, the one that the user picks. */
export async function chosenTask(
  { session, threadId }: DebuggeeThread,
  title: string,
): Promise<DebuggeeThread | undefined> {
  if (threadId !== CORE_THREAD) return { session, threadId };
  const { tasks } = await ask(session, "pollscope/tasks");
  const items = tasks.map((task) => ({ label: task.name, description: task.description, task }));
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: "Which task?",
    matchOnDescription: true,
  });
  return picked && { session, threadId: picked.task.threadId };
}
