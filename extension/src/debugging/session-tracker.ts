import type * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import { setting } from "../platform/settings";
import { showError } from "../platform/show-error";
import { type AdapterMessage, describeMessage, endsSession, isNoteworthy } from "./message-line";

/** Logs the messages of each session as far as the setting wants, and tells of an adapter that dies. */
export function sessionTracker(log: vscode.LogOutputChannel): vscode.DebugAdapterTrackerFactory {
  return {
    createDebugAdapterTracker: ({ name }) => {
      let isEnding = false;
      const note = (direction: string, message: AdapterMessage) => {
        isEnding ||= endsSession(message);
        if (isNoteworthy(message)) log.warn(`${name}: ${describeMessage(message)}`);
        const level = setting("log.protocol");
        if (level === "off") return;
        const text = level === "full" ? JSON.stringify(message) : describeMessage(message);
        log.info(`${name} ${direction} ${text}`);
      };
      return {
        onWillReceiveMessage: (message: AdapterMessage) => note("<-", message),
        onDidSendMessage: (message: AdapterMessage) => note("->", message),
        onError: (error) => log.error(`${name}: ${error.message}`),
        onExit: (code) => {
          // VS Code closes the session of an adapter that was killed without a word.
          if (isEnding) return;
          const how = typeof code === "number" ? `with exit code ${code}` : "by a signal";
          const what = `The debug adapter of "${name}" has ended unexpectedly, ${how}`;
          showError(new UserError(what, "start the session again, and report it if that happens twice"), log);
        },
      };
    },
  };
}
