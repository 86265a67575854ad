import type { Debuggee } from "#adapter/debuggee/debuggee";
import type { LogLine } from "#adapter/logs/log-line";

/** Messages of the firmware that wait to be printed between the events of its trace. */
export class LogQueue {
  private pending: { readonly row: number; readonly line: LogLine }[] = [];

  constructor(debuggee: Debuggee) {
    debuggee.onLog((line) => this.pending.push({ row: debuggee.trace.events.length, line }));
  }

  /** Takes the messages that came before a row of the trace, in the order in which they came. */
  before(row: number): LogLine[] {
    const after = this.pending.findIndex((each) => each.row > row);
    return this.pending.splice(0, after < 0 ? this.pending.length : after).map(({ line }) => line);
  }
}
