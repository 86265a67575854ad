import * as vscode from "vscode";
import type { CustomCommand, CustomRequests } from "#adapter/protocol/custom-requests";
import { DEBUG_TYPE } from "./debug-type";

/** The thread that stands for the core; tasks have others. */
export const CORE_THREAD = 1;

/** A thread of a session of ours. */
export interface DebuggeeThread {
  readonly session: vscode.DebugSession;
  readonly threadId: number;
}

/** Sends one of Pollscope's own requests; what is declared is what comes back. */
export async function ask<Command extends CustomCommand>(
  session: vscode.DebugSession,
  command: Command,
  args?: CustomRequests[Command]["arguments"],
): Promise<CustomRequests[Command]["body"]> {
  return (await session.customRequest(command, args)) as CustomRequests[Command]["body"];
}

/** Does what asks the adapter. Where it refuses, VS Code has shown the adapter's sentence already. */
export async function unlessRefused(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    // What VS Code throws for a refused request has a class of its own, which extensions do not see.
    if (!(error instanceof Error) || error.name !== "CodeExpectedError") throw error;
  }
}

/** The thread that is chosen in CALL STACK, else the core; undefined if no session of ours is active. */
export function focusedThread(): DebuggeeThread | undefined {
  const { activeStackItem: item, activeDebugSession: active } = vscode.debug;
  const session = item?.session ?? active;
  if (session?.type !== DEBUG_TYPE) return undefined;
  return { session, threadId: item?.threadId ?? CORE_THREAD };
}

/** The sessions of ours that are under way. */
export class DebuggeeSessions implements vscode.Disposable {
  private readonly sessions = new Map<string, vscode.DebugSession>();
  private readonly listeners: vscode.Disposable;

  constructor() {
    this.listeners = vscode.Disposable.from(
      vscode.debug.onDidStartDebugSession((session) => {
        if (session.type === DEBUG_TYPE) this.sessions.set(session.id, session);
      }),
      vscode.debug.onDidTerminateDebugSession(({ id }) => this.sessions.delete(id)),
    );
  }

  /**
   * The thread that a command of the CALL STACK's menu is about. VS Code hands over the session's id and the
   * thread's, which is a text that ends with its number.
   */
  threadOf(context: unknown): DebuggeeThread | undefined {
    const { sessionId, threadId } = (context ?? {}) as {
      readonly sessionId?: string;
      readonly threadId?: string;
    };
    const session = this.sessions.get(sessionId ?? "");
    const number = /(\d+)$/.exec(threadId ?? "")?.[1];
    return session === undefined || number === undefined ? undefined : { session, threadId: Number(number) };
  }

  dispose(): void {
    this.listeners.dispose();
  }
}
