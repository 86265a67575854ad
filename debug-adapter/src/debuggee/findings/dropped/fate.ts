import type { AsyncFunction } from "../../../symbols/async-functions";
import { ProgramFunction } from "../../../symbols/function";
import { type CoroutineState, stateOf } from "../../../symbols/types/coroutine";
import type { CoroutineCode } from "./coroutine-code";
import type { StateWrite } from "./state-writes";

/** What has become in one poll of a coroutine that was suspended before it. */
export type Fate =
  /** It is the same future still. */
  | "same"
  /** It has returned or panicked. */
  | "ended"
  /** Others have taken its place, and it has not ended before. */
  | "replaced"
  /** Others have taken its place, and whether it has ended before the debug info of optimised code does not tell. */
  | "unclear";

/**
 * Follows the writes of one poll to the state of a coroutine. Its own body writes the state in which it stops; anybody
 * else who writes there has put something else in its place.
 * @param writes undefined if they are not known
 */
export function fateOf(
  { coroutine, body }: AsyncFunction,
  writes: readonly StateWrite[] | undefined,
  code: CoroutineCode,
): Fate {
  if (writes === undefined) return "unclear";
  let hasStopped = false;
  for (const { value, pc } of writes) {
    const state = stateOf(coroutine, value);
    if (code.isOf(pc, coroutine.type.name)) {
      if (state === undefined || isEnd(state)) return "ended";
      // It was polled and has returned Pending: whoever polls it does so once, so it cannot have ended after that.
      hasStopped = true;
      continue;
    }
    // Of stores of several bodies the optimiser may make one, which then is nobody's.
    if (state !== undefined && isEnd(state)) return "ended";
    // A body with code of its own cannot know what becomes of its memory, so it writes that it has returned.
    return hasStopped || body instanceof ProgramFunction ? "replaced" : "unclear";
  }
  return "same";
}

function isEnd({ kind }: CoroutineState): boolean {
  return kind === "returned" || kind === "panicked";
}
