import type { PollResult } from "../../trace/event";
import type { FlowGraph } from "./flow-graph";
import type { InlinedActivation, InlinedExit } from "./inlined-activation";

/** What proves that the loop around an inlined poll goes on while the future is pending. */
export interface LoopEvidence {
  /** Whether leaving the poll for another round of the loop tells that it has returned Pending. */
  readonly isRepeatedWhilePending: boolean;
  /** Whether leaving the loop after a poll that has used no waker tells that the poll has returned Ready. */
  readonly isLeftWhenReady: boolean;
}

/**
 * A loop alone proves nothing: `while let Ready(..) = poll(..)` with a new future each time goes on after Ready. So
 * there must be a second witness.
 *
 * - A coroutine that was given to the function with the loop is the same in each round, and one that has returned
 *   panics when it is polled again. So it is pending.
 * - Who returns Pending has used the waker (`Future::poll`). If all ways to another round use it and some way out does
 *   not, the loop goes on while the future is pending. A poll that then is left without having used it is ready.
 *
 * @param usesWaker whether an instruction is part of a call that is given a waker
 */
export function loopEvidence(
  { entries, exits }: Pick<InlinedActivation, "entries" | "exits">,
  graph: FlowGraph,
  { isSameCoroutine, usesWaker }: LoopWitnesses,
): LoopEvidence {
  const isExit = new Set(exits.map(({ address }) => address));
  const before = graph.reachable(entries, (at) => usesWaker(at) || isExit.has(at));
  const freeWays = new Set([...before].flatMap((at) => graph.next(at)));
  const isWithoutWaker = ({ address }: InlinedExit) => freeWays.has(address);
  const repeated = exits.filter(({ isRepeated }) => isRepeated === true);
  const usesWakerBeforeNext = repeated.length > 0 && !repeated.some(isWithoutWaker);
  const isLeftWithout = exits.some((exit) => exit.isRepeated === false && isWithoutWaker(exit));
  const isToldByWaker = usesWakerBeforeNext && isLeftWithout;
  return { isRepeatedWhilePending: isSameCoroutine || isToldByWaker, isLeftWhenReady: isToldByWaker };
}

export interface LoopWitnesses {
  readonly isSameCoroutine: boolean;
  readonly usesWaker: (at: number) => boolean;
}

/** What a poll has returned that was left at an exit. */
export function resultOfExit(
  { isRepeated }: InlinedExit,
  evidence: LoopEvidence,
  hasUsedWaker: boolean,
): PollResult {
  if (isRepeated === true) return evidence.isRepeatedWhilePending ? "pending" : "unknown";
  const isReady = isRepeated === false && !hasUsedWaker && evidence.isLeftWhenReady;
  return isReady ? "ready" : "unknown";
}
