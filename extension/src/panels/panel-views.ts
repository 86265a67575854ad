import * as vscode from "vscode";
import type { PanelKind } from "#webview/panels/messages";
import type { FollowedSession } from "../debugging/followed-session";
import type { Surroundings } from "../platform/surroundings";
import { PanelView } from "./panel-view";
import type { Selections } from "./selections";

interface PanelRow {
  readonly kind: PanelKind;
  /** As in package.json under `views`. */
  readonly view: string;
  /** The command that shows it. */
  readonly command: string;
}

const PANELS: readonly PanelRow[] = [
  { kind: "board", view: "pollscope.board", command: "pollscope.showBoard" },
  { kind: "await-tree", view: "pollscope.awaitTree", command: "pollscope.showAwaitTree" },
  { kind: "cycle", view: "pollscope.cycle", command: "pollscope.showCycle" },
  { kind: "state-machine", view: "pollscope.stateMachine", command: "pollscope.showStateMachine" },
  { kind: "executor", view: "pollscope.executor", command: "pollscope.showExecutor" },
];

/** The panels beside a session, each a view that can be moved anywhere. */
export function registerPanels(
  surroundings: Surroundings,
  followed: FollowedSession,
  selections: Selections,
): vscode.Disposable[] {
  const panels = PANELS.flatMap(({ kind, view, command }) => {
    const provider = new PanelView(kind, { surroundings, followed, selections });
    return [
      provider,
      vscode.window.registerWebviewViewProvider(view, provider, {
        // After the end of its session a panel has nobody to ask for what it shows.
        webviewOptions: { retainContextWhenHidden: true },
      }),
      vscode.commands.registerCommand(command, async (asyncFunction?: unknown) => {
        if (typeof asyncFunction === "string") selections.select({ asyncFunction });
        await vscode.commands.executeCommand(`${view}.focus`);
      }),
    ];
  });
  return [vscode.Disposable.from(...panels)];
}
