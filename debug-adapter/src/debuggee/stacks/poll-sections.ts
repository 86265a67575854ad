import type { TaskIndex } from "../../trace/event";
import type { Frame } from "../../unwind/backtrace";

/** The frames of a backtrace that one poll has made, as positions in it. */
export interface PollSection {
  readonly task: TaskIndex;
  /** The innermost frame of the poll. */
  readonly first: number;
  /** The frame of the function that the executor calls. */
  readonly entry: number;
  /** Behind the executor's own frames: the end of the backtrace, or the exception that its executor runs in. */
  readonly end: number;
  /** The exceptions that have broken into the poll, outermost first. */
  readonly interruptedBy: readonly string[];
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
  isPollEntry: (frame: Frame) => boolean,
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
    if (task === undefined || !isPollEntry(frame)) return;
    const border = frames.findIndex(({ kind }, at) => at > i && kind === "exception");
    sections.push({ task, first, entry: i, end: border < 0 ? frames.length : border, interruptedBy });
    first = i + 1;
    interruptedBy = [];
  });
  return sections;
}
