import type { CycleTask } from "#adapter/protocol/poll-cycle";
import type { PanelSession } from "../messages";

/** The thread of the core: it stands for the task that something has happened to last. */
export const CORE_THREAD = 1;

/** What a reader has set, kept while the window is. */
export interface CycleState {
  /** The task that is looked at whatever is chosen in CALL STACK; null: what is chosen there. */
  readonly task: string | null;
}

/** What was saved, which may be of another version, or nothing. */
export function parseCycleState(saved: unknown): CycleState {
  const task = typeof saved === "object" && saved !== null ? (saved as Partial<CycleState>).task : null;
  return { task: typeof task === "string" ? task : null };
}

/**
 * The thread that is to be shown.
 * @param tasks the tasks that there were at the last look
 * @param selected a thread that was selected in another panel since the last stop
 */
export function shownThread(
  { task }: CycleState,
  { focus, stop }: Pick<PanelSession, "focus" | "stop">,
  tasks: readonly CycleTask[],
  selected: number | null,
): number {
  const kept = tasks.find(({ name }) => name === task);
  return kept?.threadId ?? selected ?? focus ?? stop?.threadId ?? CORE_THREAD;
}

/** Why there is nothing to be seen; null where there is. */
export function emptyWords(
  body: { readonly task: CycleTask | null; readonly steps: readonly unknown[] } | undefined,
  phase: PanelSession["phase"],
): string | null {
  if (body === undefined) return phase === "over" ? "The session has ended." : null;
  if (body.task === null) return `Nothing has happened to any task yet${WHAT_TO_DO[phase]}`;
  if (body.steps.length > 0) return null;
  return `Nothing has happened to ${body.task.name} yet: it has not been spawned${WHAT_TO_DO[phase]}`;
}

const WHAT_TO_DO: Readonly<Record<PanelSession["phase"], string>> = {
  running: ".",
  stopped: ". Continue, or step to the next poll.",
  over: ", and the session has ended.",
};
