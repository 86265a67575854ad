import * as vscode from "vscode";
import { CUSTOM_COMMANDS } from "#adapter/protocol/custom-requests";
import type { FromPanel, PanelAction, PanelKind, Selection, ToPanel } from "#webview/panels/messages";
import type { Followed, FollowedSession } from "../debugging/followed-session";
import { openSource } from "../platform/open-source";
import { saveFile } from "../platform/save-file";
import type { Surroundings } from "../platform/surroundings";
import type { Selections } from "./selections";
import { PANELS_PAGE, loadPage } from "../platform/webview-page";

const ACTIONS: readonly PanelAction[] = [
  "pollscope.stepToNextPoll",
  "pollscope.stepToNextWake",
  "pollscope.stepToEndOfPoll",
  "pollscope.stepToNextTaskEvent",
  "workbench.action.debug.continue",
  "workbench.action.debug.pause",
];

export interface PanelViewOptions {
  readonly surroundings: Surroundings;
  readonly followed: FollowedSession;
  /** What is selected in any panel. */
  readonly selections: Selections;
}

/** One panel beside the session that is followed. */
export class PanelView implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | undefined;
  /** What was selected while there was no page yet to show it. */
  private missed: Selection | undefined;
  private readonly listeners: vscode.Disposable;

  constructor(
    private readonly kind: PanelKind,
    private readonly options: PanelViewOptions,
  ) {
    const { followed, selections } = options;
    this.listeners = vscode.Disposable.from(
      followed.onDidChange((session) => this.tell(session)),
      selections.listen(this, (selection) => this.show(selection)),
    );
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    view.webview.onDidReceiveMessage((message: FromPanel) => this.onMessage(message));
    view.onDidChangeVisibility(() => this.post({ kind: "seen", isSeen: view.visible }));
    view.onDidDispose(() => (this.view = undefined));
    loadPage(view.webview, this.options.surroundings.extension, PANELS_PAGE);
  }

  dispose(): void {
    this.listeners.dispose();
  }

  private onMessage(message: FromPanel): void {
    const { surroundings, followed, selections } = this.options;
    switch (message.kind) {
      case "ready":
        this.post({ kind: "show-panel", panel: this.kind });
        if (followed.current !== undefined) this.tell(followed.current);
        if (this.missed !== undefined) this.show(this.missed);
        break;
      case "ask":
        void this.answer(message);
        break;
      case "open-source":
        void openSource(message.place.file, message.place.line, surroundings.extension);
        break;
      case "select":
        selections.select(message.selection, this);
        break;
      case "act":
        if (ACTIONS.includes(message.action)) void vscode.commands.executeCommand(message.action);
        break;
      case "save":
        void saveFile(message.name, message.bytes, vscode.workspace.workspaceFolders?.[0]?.uri);
        break;
    }
  }

  private async answer({ run, id, command, args }: Extract<FromPanel, { kind: "ask" }>): Promise<void> {
    const { current } = this.options.followed;
    if (current?.number !== run || current.phase === "over" || !CUSTOM_COMMANDS.includes(command)) {
      this.post({ kind: "refusal", id, sentence: "The session has ended." });
      return;
    }
    try {
      this.post({ kind: "reply", id, body: await current.session.customRequest(command, args) });
    } catch (error) {
      this.post({ kind: "refusal", id, sentence: error instanceof Error ? error.message : String(error) });
    }
  }

  private tell({ session, number, phase, stop, focus }: Followed): void {
    this.post({ kind: "session", run: number, session: { name: session.name, phase, stop, focus } });
  }

  private show(selection: Selection): void {
    this.missed = this.view === undefined ? selection : undefined;
    this.post({ kind: "selected", selection });
  }

  private post(message: ToPanel): void {
    void this.view?.webview.postMessage(message);
  }
}
