import type { FlowStep } from "../../../executor/hand-written/thumb-flow";

/** Instructions of a function beyond which nothing is executed that was not seen: where to run to next. */
export interface FlowCut {
  /** In the function itself. */
  readonly places: readonly number[];
  /** Whether the function may return before one of them is come to. */
  readonly mayLeave: boolean;
  /** Whether something is called on the way. */
  readonly hasCalls: boolean;
}

export interface CutQuestions {
  /** An instruction of the function; undefined for any other. */
  readonly stepAt: (at: number) => FlowStep | undefined;
  /** Whether to get control before an instruction, in any case. */
  readonly isGoal: (at: number) => boolean;
  /** Breakpoints that may be set at one time, those behind the function's end and in its callees included. */
  readonly most: number;
  /** Whether a breakpoint is needed for what is called. */
  readonly areCallsWatched: boolean;
}

/**
 * The furthest places that control cannot pass by on its way from an instruction to the goals or out of the function,
 * so few that there are breakpoints for them. Loops without a goal lie before the cut, so they run at full speed.
 * Undefined where even the next instructions are too many, as behind a jump through a table.
 *
 * Instructions are taken to what has been passed in an order in which each follows one that leads to it, branches
 * before what they meet in: wherever few enough remain at the border, that is a cut.
 */
export function flowCut(from: number, questions: CutQuestions): FlowCut | undefined {
  const { stepAt, isGoal, most, areCallsWatched } = questions;
  const passed = new Set<number>();
  const border = new Set<number>();
  let mayLeave = false;
  let hasCalls = false;
  let best: FlowCut | undefined;
  for (const at of orderFrom(from, questions)) {
    if (at !== from && isGoal(at)) continue;
    border.delete(at);
    passed.add(at);
    const step = stepAt(at);
    if (step === undefined || isWayOut(step)) mayLeave = true;
    if (step?.call !== undefined) hasCalls = true;
    for (const next of step?.next ?? []) if (!passed.has(next) || isGoal(next)) border.add(next);
    const needed = border.size + (mayLeave ? 1 : 0) + (hasCalls && areCallsWatched ? 1 : 0);
    if (needed <= most) best = { places: [...border], mayLeave, hasCalls };
  }
  return best;
}

/** What ends without a next instruction returns, unless it ends the program: a trap, or a call of what never returns. */
function isWayOut({ next, call, isTrap }: FlowStep): boolean {
  return next.length === 0 && call === undefined && !isTrap;
}

/** Instructions in reverse postorder, from one on and no further than to goals. */
function orderFrom(from: number, { stepAt, isGoal }: CutQuestions): number[] {
  const seen = new Set([from]);
  const done: number[] = [];
  const path = [{ at: from, next: [...(stepAt(from)?.next ?? [])] }];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = top.next.pop();
    if (next === undefined) {
      done.push(top.at);
      path.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      path.push({ at: next, next: isGoal(next) ? [] : [...(stepAt(next)?.next ?? [])] });
    }
  }
  return done.reverse();
}
