import type { Problem } from "#adapter/base/errors";
import { nanoseconds, type Nanoseconds } from "#adapter/base/brand";
import { EventKind } from "#adapter/trace/event";
import { type CoreSummary, summarize } from "#adapter/trace/task-summary";
import type { Trace } from "#adapter/trace/trace";
import { decodeTrace } from "#adapter/trace/trace-file";
import { commonFolder } from "./common-folder";
import { EventTexts } from "./event-text";
import { taskRows, type TaskRow } from "./task-rows";
import { finalStates } from "./task-states";
import { uartMessages } from "./uart-messages";

/** Everything the page shows of a trace. */
export interface TraceModel {
  readonly trace: Trace;
  readonly problems: readonly Problem[];
  readonly core: CoreSummary;
  /** Time in polls of all tasks together. */
  readonly timeInTasks: Nanoseconds;
  readonly tasks: readonly TaskRow[];
  /** Task slots that were never spawned. */
  readonly silentTasks: number;
  /** Words for the list: paths without the folder that all have in common. */
  readonly texts: EventTexts;
  /** Words with whole paths. */
  readonly fullTexts: EventTexts;
  /** The events that get a line: all, but of a UART message only its last byte. */
  readonly listedRows: Uint32Array;
}

/**
 * Reads the bytes of a trace file.
 * @throws UserError if nothing of it can be shown
 */
export function readTrace(bytes: Uint8Array): TraceModel {
  const { trace, problems } = decodeTrace(bytes);
  const { tasks, core } = summarize(trace);
  const { rows, silent } = taskRows(trace, tasks, finalStates(trace));
  const messages = uartMessages(trace);
  return {
    trace,
    problems,
    core,
    timeInTasks: nanoseconds(tasks.reduce((sum, { timeRun }) => sum + timeRun, 0)),
    tasks: rows,
    silentTasks: silent,
    texts: new EventTexts(trace, messages, commonFolder(trace)),
    fullTexts: new EventTexts(trace, messages, ""),
    listedRows: listedRows(trace, messages),
  };
}

function listedRows({ events }: Trace, messages: ReadonlyMap<number, string>): Uint32Array {
  const rows = new Uint32Array(events.length);
  let length = 0;
  for (let row = 0; row < events.length; row++) {
    if (events.kind(row) !== EventKind.Uart || messages.has(row)) rows[length++] = row;
  }
  return rows.slice(0, length);
}
