import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Launched } from "./launched";
import { QUESTIONS } from "./requests";

/**
 * What the client has last asked for in the way of breakpoints. After a restart it does not ask again, and expects
 * them to be there.
 */
export class BreakpointMemory {
  private readonly asked = new Map<string, { readonly command: string; readonly args: never }>();

  /** Remembers a request if it sets breakpoints. */
  note(command: string, args: never): void {
    if (!/^set\w*Breakpoints$/.test(command)) return;
    const { source } = args as Partial<DebugProtocol.SetBreakpointsArguments>;
    this.asked.set(`${command} ${source?.path ?? ""}`, { command, args });
  }

  /** Sets all of them in another run, in the same order, so that they get the same ids. */
  setAgain(launched: Launched): DebugProtocol.Breakpoint[] {
    const set: DebugProtocol.Breakpoint[] = [];
    for (const { command, args } of this.asked.values()) {
      const body = QUESTIONS[command]!(launched, args) as
        DebugProtocol.SetBreakpointsResponse["body"] | undefined;
      set.push(...(body?.breakpoints ?? []).filter(({ id }) => id !== undefined));
    }
    return set;
  }
}
