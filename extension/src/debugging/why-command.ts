import { basename } from "node:path";
import * as vscode from "vscode";
import type { ProtocolPlace, WhyBody } from "#adapter/protocol/custom-requests";
import { ask, type DebuggeeSessions, focusedThread, unlessRefused } from "./debuggee";
import { chosenTask } from "./task-choice";
import { unsaidVerdict } from "./why-text";

const TITLE = "Why Is This Task Not Running?";

/** "Why Is This Task Not Running?": the chain from a task to who has to act; what is picked is opened. */
export function registerWhyCommand(sessions: DebuggeeSessions): vscode.Disposable {
  return vscode.commands.registerCommand("pollscope.why", (...context: readonly unknown[]) =>
    unlessRefused(async () => {
      const thread = context.map((each) => sessions.threadOf(each)).find((each) => each !== undefined);
      const meant = thread ?? focusedThread();
      const task = meant && (await chosenTask(meant, TITLE));
      if (task !== undefined)
        await showWhy(await ask(task.session, "pollscope/why", { threadId: task.threadId }));
    }),
  );
}

async function showWhy(why: WhyBody): Promise<void> {
  const items = why.steps.map(({ text, place, depth }) => ({
    label: `${"\u2003".repeat(depth)}${depth === 0 ? "" : "\u2514 "}${text}`,
    description: place === null ? "" : `${basename(place.path)}:${place.line}`,
    place,
  }));
  const picked = await vscode.window.showQuickPick([...items, ...verdictItems(why)], {
    title: TITLE,
    placeHolder: "What it waits for, down to who has to act; pick a line to open its place",
    matchOnDetail: true,
  });
  const place = picked?.place ?? null;
  if (place !== null) await open(place);
}

/** The verdict, unless the last step is it: what it is, and under that why, as a line has little room. */
function verdictItems(why: WhyBody) {
  const verdict = unsaidVerdict(why);
  if (verdict === undefined) return [];
  const [what = "", ...reasons] = verdict.split(": ");
  const place = why.steps.at(-1)?.place ?? null;
  return [{ label: `$(info) ${what}`, description: "", detail: reasons.join(": "), place }];
}

async function open({ path, line }: ProtocolPlace): Promise<void> {
  const start = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(path), { selection: new vscode.Range(start, start) });
}
