import { nanoseconds } from "#adapter/base/brand";
import {
  EventKind,
  NO_TASK,
  packPollEnd,
  packWakeSource,
  type TaskIndex,
  type WakeSource,
} from "#adapter/trace/event";
import { Trace } from "#adapter/trace/trace";

/** One column of a drawn trace, unless told otherwise, in nanoseconds. */
const COLUMN = 1e6;

const IRQ: WakeSource = { kind: "irq", exception: 16 };

export interface DrawnOptions {
  /** What tasks await where their polls end: `Timer` unless told otherwise. */
  readonly awaiting?: Readonly<Record<string, string>>;
  /** Nanoseconds of a column. */
  readonly column?: number;
}

/**
 * A trace drawn as text, a millisecond per column; a space separates a row's name from the row.
 *
 *     #  being polled                     [  the same, and a poll begins here although one was under way
 *     .  suspended                        @  the same as [, and the task wakes itself in it
 *     r  ready, woken by an interrupt     w  ready, woken by the task that is polled in this column
 *     _  not spawned, or ended            The first column that is no `_` spawns the task.
 *
 * The row `irq` has `#` where an interrupt runs, the row `sleep` where the core sleeps. Each task is suspended at line 1
 * of a file of its name.
 */
export function drawnTrace(
  drawing: string,
  { awaiting = {}, column: length = COLUMN }: DrawnOptions = {},
): Trace {
  const trace = new Trace();
  const rows = drawing
    .trim()
    .split("\n")
    .map((line) => /^\s*(\S+) +(\S+)\s*$/.exec(line)!)
    .map(([, name, cells]) => ({ name: name!, cells: cells! }));
  const tasks = rows
    .filter(({ name }) => name !== "irq" && name !== "sleep")
    .map(({ name, cells }) => {
      const place = { file: `${name}.rs`, line: 1 };
      const index = trace.addTask({ name, address: 0, bytes: 0, futureBytes: null, place });
      const suspension = trace.addSuspension({ place, awaiting: awaiting[name] ?? "Timer", frames: [] });
      return { index, cells, end: packPollEnd("pending", suspension) };
    });
  const machine = (name: string) => rows.find((row) => row.name === name)?.cells ?? "";
  const columns = Math.max(...rows.map(({ cells }) => cells.length));
  for (let column = 0; column < columns; column++) {
    const add = (kind: EventKind, task: TaskIndex, payload: number) =>
      trace.events.append(nanoseconds(column * length), kind, task, payload);
    const changes = (cells: string) => ({ before: cells[column - 1] ?? "_", now: cells[column] ?? "_" });
    const running = tasks.find(({ cells }) => isPolled(changes(cells).now));
    for (const { index, cells, end } of tasks) {
      const { before, now } = changes(cells);
      if (!isPolled(before) || now === "#") continue;
      if (now === "_") add(EventKind.TaskEnd, index, 0);
      add(EventKind.PollEnd, index, now === "_" ? packPollEnd("ready", 0 as never) : end);
    }
    edge(machine("irq"), column, { on: EventKind.IrqBegin, off: EventKind.IrqEnd }, (kind) =>
      add(kind, NO_TASK, 16),
    );
    edge(machine("sleep"), column, { on: EventKind.SleepBegin, off: EventKind.SleepEnd }, (kind) =>
      add(kind, NO_TASK, 0),
    );
    for (const { index, cells } of tasks) {
      const { before, now } = changes(cells);
      if (before === "_" && now !== "_") add(EventKind.Spawn, index, packWakeSource({ kind: "main" }));
      else if (before === "." && now !== "." && now !== "w") add(EventKind.Wake, index, packWakeSource(IRQ));
    }
    for (const { index, cells } of tasks) {
      const { before, now } = changes(cells);
      if (now === "[" || now === "@" || (now === "#" && !isPolled(before)))
        add(EventKind.PollBegin, index, 0);
      if (now === "@") add(EventKind.Wake, index, packWakeSource({ kind: "self" }));
    }
    for (const { index, cells } of tasks) {
      const { before, now } = changes(cells);
      if (now !== "w" || before === "w") continue;
      add(EventKind.Wake, index, packWakeSource({ kind: "task", task: running!.index }));
    }
  }
  trace.endTime = nanoseconds(columns * length);
  return trace;
}

function isPolled(cell: string): boolean {
  return cell === "#" || cell === "[" || cell === "@";
}

function edge(
  cells: string,
  column: number,
  kinds: { readonly on: EventKind; readonly off: EventKind },
  add: (kind: EventKind) => void,
): void {
  const before = cells[column - 1] === "#";
  const now = cells[column] === "#";
  if (before !== now) add(now ? kinds.on : kinds.off);
}
