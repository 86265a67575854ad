import * as vscode from "vscode";
import type { CustomEvents } from "#adapter/protocol/custom-events";
import type { ToExtension, ToPage } from "#webview/messages";
import type { Selection } from "#webview/panels/messages";
import { isOnBoard } from "../debugging/debug-type";
import type { Followed, FollowedSession } from "../debugging/followed-session";
import { type Selections, taskOfThread, threadOfTask } from "../panels/selections";
import { openSource } from "../platform/open-source";
import { saveFile } from "../platform/save-file";
import { setting } from "../platform/settings";
import type { Surroundings } from "../platform/surroundings";
import { loadPage, TRACE_PAGE } from "../platform/webview-page";
import type { Exportable, Exportables, ExportForm } from "./export-command";
import { FollowedRun } from "./followed-run";

/** As in package.json under `views`. */
export const TIMELINE_VIEW = "pollscope.timeline";

const FINDINGS = "pollscope/findings" satisfies keyof CustomEvents;

/** The context in which the view is there: from the first session on, also after it has ended. */
const HAS_RUN = "pollscope.hasRun";

/** The timeline of the session that is debugged, in VS Code's panel. */
export function registerTimelineView(surroundings: Surroundings, beside: TimelineBeside): vscode.Disposable {
  const provider = new TimelineViewProvider(surroundings, beside);
  return vscode.Disposable.from(
    provider,
    vscode.window.registerWebviewViewProvider(TIMELINE_VIEW, provider, {
      webviewOptions: { retainContextWhenHidden: true },
    }),
    vscode.commands.registerCommand("pollscope.showTimeline", () => showTimeline(false)),
  );
}

async function showTimeline(preserveFocus: boolean): Promise<void> {
  await vscode.commands.executeCommand("setContext", HAS_RUN, true);
  await vscode.commands.executeCommand(`${TIMELINE_VIEW}.focus`, { preserveFocus });
}

/** What the timeline has to do with. */
export interface TimelineBeside {
  readonly followed: FollowedSession;
  readonly exportables: Exportables;
  readonly selections: Selections;
}

class TimelineViewProvider implements vscode.WebviewViewProvider, vscode.Disposable, Exportable {
  readonly forms = ["svg", "png", "perfetto", "trace"] as const;
  private view: vscode.WebviewView | undefined;
  private run: FollowedRun | undefined;
  private readonly listeners: vscode.Disposable;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly beside: TimelineBeside,
  ) {
    const { followed, selections } = beside;
    this.listeners = vscode.Disposable.from(
      followed.onDidChange((session) => this.follow(session)),
      selections.listen(this, (selection) => void this.show(selection)),
      vscode.debug.onDidReceiveDebugSessionCustomEvent((event) => this.onEvent(event)),
    );
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    const { webview } = view;
    webview.onDidReceiveMessage((message: ToExtension) => this.onMessage(message));
    view.onDidChangeVisibility(() => {
      this.run?.look();
      if (view.visible) this.beside.exportables.lookedAt(this);
    });
    view.onDidDispose(() => {
      this.view = undefined;
      this.beside.exportables.forget(this);
    });
    this.beside.exportables.lookedAt(this);
    loadPage(webview, this.surroundings.extension, TRACE_PAGE);
  }

  dispose(): void {
    this.listeners.dispose();
  }

  async saveAs(form: ExportForm): Promise<void> {
    if (form === "svg" || form === "png") this.post({ kind: "export", form });
    else await this.run?.save(form);
  }

  private follow({ session, phase }: Followed): void {
    if (isOnBoard(session.configuration)) {
      this.run = undefined;
      this.post({ kind: "show-failure", ...NOT_SEEN });
      return;
    }
    if (session.id !== this.run?.session.id) {
      this.run = new FollowedRun(
        session,
        (message) => this.post(message),
        () => this.view?.visible === true,
      );
      this.run.introduce();
      if (setting("timeline.showWithSession")) void showTimeline(true);
      else void vscode.commands.executeCommand("setContext", HAS_RUN, true);
    }
    if (phase === "over") this.run.end();
    else this.run.setRunning(phase === "running");
  }

  private onEvent({ session, event, body }: vscode.DebugSessionCustomEvent): void {
    if (session.id !== this.run?.session.id || event !== FINDINGS) return;
    this.run.setFindings(body as CustomEvents[typeof FINDINGS]);
  }

  private onMessage(message: ToExtension): void {
    switch (message.kind) {
      case "ready":
        if (this.run !== undefined) this.run.introduce();
        else this.post({ kind: "show-failure", ...this.whyNoRun() });
        break;
      case "ask":
        if (this.run?.isNumber(message.run) === true)
          void this.run.answer(message.question, message.args, message.id);
        break;
      case "select":
        void this.tell(message.task, message.time);
        break;
      case "open-source":
        void openSource(message.file, message.line, this.surroundings.extension);
        break;
      case "choose-export":
        void vscode.commands.executeCommand("pollscope.saveTimeline");
        break;
      case "save":
        void saveFile(message.name, message.bytes, vscode.workspace.workspaceFolders?.[0]?.uri);
        break;
    }
  }

  private whyNoRun(): typeof NO_RUN {
    const followed = this.beside.followed.current;
    return followed !== undefined && isOnBoard(followed.session.configuration) ? NOT_SEEN : NO_RUN;
  }

  /** What was selected in the timeline, for the panels beside it. */
  private async tell(task: string | null, time: number): Promise<void> {
    const session = this.run?.session;
    const threadId = task === null || session === undefined ? undefined : await threadOfTask(session, task);
    this.beside.selections.select({ time, ...(threadId !== undefined && { threadId }) }, this);
  }

  /** What was selected in a panel beside. */
  private async show({ threadId, time }: Selection): Promise<void> {
    const { run } = this;
    if (run === undefined || (threadId === undefined && time === undefined)) return;
    const task = threadId === undefined ? undefined : await taskOfThread(run.session, threadId);
    this.post({ kind: "selected", run: run.number, task: task ?? null, time: time ?? null });
  }

  private post(message: ToPage): void {
    void this.view?.webview.postMessage(message);
  }
}

const NOT_SEEN = {
  what: "On a board nobody sees what happens while it runs, so there is no timeline",
  remedy: "debug in the emulated Pico, where every poll and wake is seen",
};

const NO_RUN = {
  what: "Nothing is being debugged",
  remedy: "start a debug session of Pollscope to see its timeline",
};
