import { stateOf } from "../../../symbols/types/coroutine";
import type { CoroutineCode } from "./coroutine-code";
import type { TrackedFuture } from "./dropped-futures";
import type { RestingFuture } from "../at-rest/resting-futures";
import type { StateWrite } from "./state-writes";

/**
 * Where a future that is suspended lay before, if somebody has moved it there in this poll: a state at which a coroutine
 * is suspended was written by somebody else than its own code, and one of its kind was suspended there elsewhere.
 */
export function origin(
  { address, state, body: { coroutine } }: RestingFuture,
  before: readonly TrackedFuture[],
  writes: readonly StateWrite[] | undefined,
  code: CoroutineCode,
): number | undefined {
  if (state.kind !== "suspended") return undefined;
  const { name } = coroutine.type;
  const copied = writes?.findLast(({ pc }) => !code.isOf(pc, name));
  const at = copied && stateOf(coroutine, copied.value);
  if (at?.kind !== "suspended") return undefined;
  const others = before.filter(
    ({ future }) =>
      future.body.coroutine.type.name === name &&
      future.address !== address &&
      future.state.discriminant === at.discriminant,
  );
  return others.length === 1 ? others[0]!.future.address : undefined;
}
