import { Register, type RegisterNumber } from "../../target/architecture";
import type { TracepointHit } from "../../target/target";
import type { ObservedFuture } from "./observed-future";
import type { WakeSite } from "./wake-site";

/**
 * Whom a use of a waker wakes: the futures whose last poll was given a waker with the same data and the same function.
 *
 * - Several may share a waker. Inside a poll of one of them it is that one that wakes itself; else all are woken.
 * - Where it is not known which waker a future was given, or which is used here, it can only be the one future there
 *   is.
 *
 * @param futures all that were polled so far
 * @param polled the one whose poll is under way
 */
export function wokenFutures(
  site: WakeSite,
  hit: TracepointHit,
  futures: readonly ObservedFuture[],
  polled: ObservedFuture | undefined,
): readonly ObservedFuture[] {
  const live = futures.filter(({ hasEnded }) => !hasEnded);
  if (site.kind === "inlined") return live.length === 1 ? live : NOBODY;
  const data = hit.register(Register.r0);
  const callee =
    site.kind === "function"
      ? site.address
      : (site.callee ?? (hit.register(site.calleeRegister as RegisterNumber) & ~1) >>> 0);
  const isGiven = ({ waker }: ObservedFuture) =>
    waker.isKnown && waker.data === data && (waker.wake === callee || waker.wakeByRef === callee);
  const given = live.filter(isGiven);
  if (polled !== undefined && given.includes(polled)) return [polled];
  if (given.length > 0) return given;
  const unknown = live.filter(({ waker }) => !waker.isKnown);
  if (unknown.length === 1) return unknown;
  if (polled !== undefined && unknown.includes(polled)) return [polled];
  // Waking a task that has ended changes nothing, but it happens.
  const ended = futures.filter(isGiven);
  return ended.length === 1 ? ended : NOBODY;
}

const NOBODY: readonly ObservedFuture[] = [];
