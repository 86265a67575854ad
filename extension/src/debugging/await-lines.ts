import * as vscode from "vscode";
import type { AwaitingTask, AwaitPlace } from "#adapter/protocol/custom-requests";
import type { CustomEvents } from "#adapter/protocol/custom-events";
import { ask } from "./debuggee";
import { DEBUG_TYPE } from "./debug-type";

const STATE = "pollscope/state" satisfies keyof CustomEvents;

/** The `.await` lines at which tasks are suspended, for each session that stands still. */
export class AwaitLines implements vscode.Disposable {
  private readonly places = new Map<string, readonly AwaitPlace[]>();
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly listeners: vscode.Disposable;
  /** Fires when what `at` gives may have changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.listeners = vscode.Disposable.from(
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
        if (session.type !== DEBUG_TYPE || event !== STATE) return;
        const { kind } = body as CustomEvents[typeof STATE];
        if (kind === "stopped") void this.fetch(session);
        else this.forget(session);
      }),
      vscode.debug.onDidTerminateDebugSession((session) => this.forget(session)),
      vscode.debug.onDidChangeActiveDebugSession(() => this.changed.fire(undefined)),
    );
  }

  /** The lines of a file at which tasks of the active session are suspended. */
  at(path: string): readonly AwaitPlace[] {
    const session = vscode.debug.activeDebugSession;
    return (this.places.get(session?.id ?? "") ?? []).filter((place) => place.path === path);
  }

  /** A task of the active session, by the name of its function: each slot of a pool that is suspended. */
  ofTask(name: string): readonly AwaitingTask[] {
    const session = vscode.debug.activeDebugSession;
    const tasks = (this.places.get(session?.id ?? "") ?? []).flatMap((place) => place.tasks);
    const named = tasks.filter((task) => task.name.replace(/\[\d+\]$/, "") === name);
    // A task is suspended at several lines: where it waits, and where each of its callers awaits.
    return named.filter((task, i) => named.findIndex(({ threadId }) => threadId === task.threadId) === i);
  }

  dispose(): void {
    this.listeners.dispose();
    this.changed.dispose();
  }

  private async fetch(session: vscode.DebugSession): Promise<void> {
    try {
      const { places } = await ask(session, "pollscope/awaits");
      this.places.set(session.id, places);
      this.changed.fire(undefined);
    } catch (error) {
      // The firmware may run again already; anything else is of interest to who looks for it.
      this.log.debug(`no await lines: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private forget({ id }: vscode.DebugSession): void {
    if (this.places.delete(id)) this.changed.fire(undefined);
  }
}
