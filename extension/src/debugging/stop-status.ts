import * as vscode from "vscode";
import { nanoseconds } from "#adapter/base/brand";
import { formatInstant } from "#adapter/base/duration";
import type { CustomEvents, DebuggeeState } from "#adapter/protocol/custom-events";
import { DEBUG_TYPE, isOnBoard } from "./debug-type";

const STATE = "pollscope/state" satisfies keyof CustomEvents;

/** Says in the status bar what happened at the stop of the active session, and at which instant. */
export function registerStopStatus(): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("pollscope.stop", vscode.StatusBarAlignment.Left, 10);
  item.name = "Pollscope: Why the Firmware Stopped";
  const texts = new Map<string, string>();
  const show = () => {
    const text = texts.get(vscode.debug.activeDebugSession?.id ?? "");
    if (text === undefined) {
      item.hide();
      return;
    }
    item.text = `$(debug-pause) ${text}`;
    item.tooltip = text;
    item.show();
  };
  return vscode.Disposable.from(
    item,
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type !== DEBUG_TYPE || event !== STATE) return;
      const state = body as CustomEvents[typeof STATE];
      if (state.kind === "stopped")
        texts.set(session.id, isOnBoard(session.configuration) ? state.text : stopText(state));
      else texts.delete(session.id);
      show();
    }),
    vscode.debug.onDidTerminateDebugSession(({ id }) => {
      texts.delete(id);
      show();
    }),
    vscode.debug.onDidChangeActiveDebugSession(show),
  );
}

/** What happened, and when, unless the text says so itself. */
function stopText({ text, time }: Extract<DebuggeeState, { kind: "stopped" }>): string {
  return / at [\d ]+\.[\d ]+ s\b/.test(text) ? text : `${text} at ${formatInstant(nanoseconds(time))} s`;
}
