import type * as vscode from "vscode";
import { setting } from "../platform/settings";
import { type AdapterMessage, describeMessage, isNoteworthy } from "./message-line";

/** Logs the messages of each session as far as the setting wants, and always how an adapter has died. */
export function sessionLog(log: vscode.LogOutputChannel): vscode.DebugAdapterTrackerFactory {
  return {
    createDebugAdapterTracker: ({ name }) => {
      const write = (direction: string, message: AdapterMessage) => {
        if (isNoteworthy(message)) log.warn(`${name}: ${describeMessage(message)}`);
        const level = setting("log.protocol");
        if (level === "off") return;
        log.info(
          `${name} ${direction} ${level === "full" ? JSON.stringify(message) : describeMessage(message)}`,
        );
      };
      return {
        onWillReceiveMessage: (message: AdapterMessage) => write("<-", message),
        onDidSendMessage: (message: AdapterMessage) => write("->", message),
        onError: (error) => log.error(`${name}: ${error.message}`),
        onExit: (code, signal) => {
          if (code !== 0 && code !== undefined)
            log.error(`${name}: the debug adapter ended with exit code ${code}`);
          else if (signal !== undefined) log.error(`${name}: the debug adapter was ended by ${signal}`);
        },
      };
    },
  };
}
