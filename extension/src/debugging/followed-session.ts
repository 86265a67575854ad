import * as vscode from "vscode";
import type { CustomEvents } from "#adapter/protocol/custom-events";
import type { PanelSession } from "#webview/panels/messages";
import { DEBUG_TYPE } from "./debug-type";

const STATE = "pollscope/state" satisfies keyof CustomEvents;

/** A debug session as those see it who follow one. */
export interface Followed extends Omit<PanelSession, "name"> {
  readonly session: vscode.DebugSession;
  /** Tells sessions apart, also those of one name. */
  readonly number: number;
}

/**
 * The session of ours that the user looks at: the active one, and after its end still that one, until another is
 * active.
 */
export class FollowedSession implements vscode.Disposable {
  private readonly sessions = new Map<string, Followed>();
  private readonly changes = new vscode.EventEmitter<Followed>();
  private readonly listeners: vscode.Disposable;
  private id: string | undefined;
  private count = 0;

  /** Another session, or something about it, has changed. */
  readonly onDidChange = this.changes.event;

  constructor() {
    this.listeners = vscode.Disposable.from(
      this.changes,
      vscode.debug.onDidStartDebugSession((session) => this.follow(session)),
      vscode.debug.onDidChangeActiveDebugSession((session) => this.follow(session)),
      vscode.debug.onDidTerminateDebugSession(({ id }) => this.ended(id)),
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
        if (session.type === DEBUG_TYPE && event === STATE)
          this.moved(session, body as CustomEvents[typeof STATE]);
      }),
      vscode.debug.onDidChangeActiveStackItem((item) => {
        const threadId = item?.threadId;
        if (item !== undefined && threadId !== undefined) this.change(item.session.id, { focus: threadId });
      }),
    );
  }

  /** Undefined before the first session. */
  get current(): Followed | undefined {
    return this.sessions.get(this.id ?? "");
  }

  dispose(): void {
    this.listeners.dispose();
  }

  private follow(session: vscode.DebugSession | undefined): void {
    if (session?.type !== DEBUG_TYPE || session.id === this.id) return;
    const before = this.current;
    // What has ended is remembered only as long as it is looked at.
    if (before?.phase === "over") this.sessions.delete(before.session.id);
    this.id = session.id;
    this.changes.fire(this.known(session));
  }

  private moved(session: vscode.DebugSession, state: CustomEvents[typeof STATE]): void {
    this.known(session);
    if (state.kind === "running") this.change(session.id, { phase: "running" });
    else {
      const { time, threadId, text } = state;
      this.change(session.id, { phase: "stopped", stop: { time, threadId, text } });
    }
  }

  private ended(id: string): void {
    this.change(id, { phase: "over" });
    if (id !== this.id) this.sessions.delete(id);
  }

  private known(session: vscode.DebugSession): Followed {
    let known = this.sessions.get(session.id);
    if (known === undefined) {
      known = { session, number: ++this.count, phase: "running", stop: null, focus: null };
      this.sessions.set(session.id, known);
    }
    return known;
  }

  private change(id: string, changed: Partial<Followed>): void {
    const before = this.sessions.get(id);
    if (before === undefined) return;
    const after = { ...before, ...changed };
    this.sessions.set(id, after);
    if (id === this.id) this.changes.fire(after);
  }
}
