import * as vscode from "vscode";
import { nanoseconds } from "#adapter/base/brand";
import { formatDuration } from "#adapter/base/duration";
import type { AwaitingTask, WhyBody } from "#adapter/protocol/custom-requests";
import { literal } from "../platform/markdown";
import { setting } from "../platform/settings";
import type { AwaitLines } from "./await-lines";
import { ask } from "./debuggee";
import { DEBUG_TYPE } from "./debug-type";
import { unsaidVerdict } from "./why-text";

/** So many tasks are asked why they do not run; the rest of a pool waits for the same. */
const EXPLAINED = 4;

/** A hover over an `.await` line, or over a task's name: why those tasks do not run. */
export function registerAwaitHover(lines: AwaitLines): vscode.Disposable {
  return vscode.languages.registerHoverProvider(
    { language: "rust" },
    {
      provideHover: async (document, position) => {
        const session = vscode.debug.activeDebugSession;
        if (session?.type !== DEBUG_TYPE || !setting("awaits.showInHover")) return undefined;
        const place = lines.at(document.uri.fsPath).find(({ line }) => line === position.line + 1);
        const word = document.getText(document.getWordRangeAtPosition(position));
        const tasks = place?.tasks ?? lines.ofTask(word);
        if (tasks.length === 0) return undefined;
        const texts = tasks.slice(0, EXPLAINED).map((task) => explain(session, task));
        return new vscode.Hover(await Promise.all(texts));
      },
    },
  );
}

async function explain(session: vscode.DebugSession, task: AwaitingTask): Promise<vscode.MarkdownString> {
  const since = task.suspendedFor === null ? "" : ` for ${formatDuration(nanoseconds(task.suspendedFor))}`;
  const state =
    task.state === "ready"
      ? "is ready: woken, and not polled yet"
      : `suspended${since}, awaiting ${task.awaiting}`;
  const why = await askWhy(session, task.threadId);
  const steps = (why?.steps ?? []).map(({ text, depth }) => `${"  ".repeat(depth)}- ${literal(text)}`);
  const unsaid = why && unsaidVerdict(why);
  const parts = [`**${literal(task.name)}** ${literal(state)}`, steps.join("\n"), literal(unsaid ?? "")];
  return new vscode.MarkdownString(parts.filter((part) => part !== "").join("\n\n"));
}

/** A hover is no place for errors: the firmware may run again already. */
async function askWhy(session: vscode.DebugSession, threadId: number): Promise<WhyBody | undefined> {
  try {
    return await ask(session, "pollscope/why", { threadId });
  } catch {
    return undefined;
  }
}
