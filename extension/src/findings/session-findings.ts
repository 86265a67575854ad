import * as vscode from "vscode";
import type { CustomEvents } from "#adapter/protocol/custom-events";
import type { ProtocolFinding } from "#adapter/protocol/findings";
import { DEBUG_TYPE } from "../debugging/debug-type";

const FINDINGS = "pollscope/findings" satisfies keyof CustomEvents;

/**
 * What debug sessions have found: of each program what its latest session has, which stays until the program is debugged
 * again.
 */
export class SessionFindings implements vscode.Disposable {
  private readonly byProgram = new Map<string, readonly ProtocolFinding[]>();
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly listener: vscode.Disposable;
  readonly onDidChange = this.changed.event;

  constructor() {
    this.listener = vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type !== DEBUG_TYPE || event !== FINDINGS) return;
      const { findings } = body as CustomEvents[typeof FINDINGS];
      this.byProgram.set(programOf(session), findings);
      this.changed.fire(undefined);
    });
  }

  /** Those of one program after those of another, of each the gravest first. */
  all(): readonly ProtocolFinding[] {
    return [...this.byProgram.values()].flat();
  }

  dispose(): void {
    this.listener.dispose();
    this.changed.dispose();
  }
}

function programOf({ configuration, id }: vscode.DebugSession): string {
  const { program, sample } = configuration as { readonly program?: string; readonly sample?: string };
  return program ?? sample ?? id;
}
