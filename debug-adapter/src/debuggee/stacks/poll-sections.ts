import type { TaskIndex } from "../../trace/event";
import type { Frame } from "../../unwind/backtrace";

/** The frames of a backtrace that one poll has made, as positions in it. */
export interface PollSection {
  readonly task: TaskIndex;
  /** The innermost frame of the poll. */
  readonly first: number;
  /** The frame of the function that the executor calls. */
  readonly entry: number;
  /** The first frame that is the executor's own: Embassy's generic code for the poll of a task is. */
  readonly executor: number;
  /** Behind the executor's own frames: the end of the backtrace, or the exception that its executor runs in. */
  readonly end: number;
  /** The exceptions that have broken into the poll, outermost first. */
  readonly interruptedBy: readonly string[];
}

/** How the frames are known with which polls begin. */
export interface PollEntries {
  readonly isEntry: (frame: Frame, task: TaskIndex) => boolean;
  /** Whether what the executor calls is the user's code already, and none of the executor's. */
  readonly isEntryOwn: boolean;
}

/**
 * Tells the frames of polls apart. Polls nest where an interrupt's executor breaks into another's poll.
 *
 *     alarm handler    first of nobody: an exception has broken in
 *     -- exception --
 *     nap              first
 *     blink_task
 *     TaskStorage::poll   entry
 *     Executor::run
 *                      end
 *
 * @param frames innermost first
 * @param polled the tasks that are being polled, innermost first
 */
export function pollSections(
  frames: readonly Frame[],
  polled: readonly TaskIndex[],
  { isEntry, isEntryOwn }: PollEntries,
): PollSection[] {
  const sections: PollSection[] = [];
  let first = 0;
  let interruptedBy: string[] = [];
  frames.forEach((frame, i) => {
    if (frame.kind === "exception") {
      first = i + 1;
      interruptedBy.unshift(frame.exception?.name ?? frame.name);
      return;
    }
    const task = polled[sections.length];
    if (task === undefined || !isEntry(frame, task)) return;
    const border = frames.findIndex(({ kind }, at) => at > i && kind === "exception");
    const end = border < 0 ? frames.length : border;
    // A poll that hands on to another of the same kind is polled by that: the outermost is the task's.
    if (isEntryOwn && frames.slice(i + 1, end).some((outer) => isEntry(outer, task))) return;
    sections.push({ task, first, entry: i, executor: isEntryOwn ? i + 1 : i, end, interruptedBy });
    first = i + 1;
    interruptedBy = [];
  });
  return sections;
}
