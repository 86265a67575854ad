import type { Rule } from "./rule";
import { asyncGuardOverUnrelatedAwait } from "./rules/async-guard-over-unrelated-await";
import { blockOnInsideAsync } from "./rules/block-on-inside-async";
import { blockingCallInAsync } from "./rules/blocking-call-in-async";
import { cancelUnsafeSelect } from "./rules/cancel-unsafe-select";
import { guardAcrossAwait } from "./rules/guard-across-await";
import { largeLocalAcrossAwait } from "./rules/large-local-across-await";
import { loopWithoutAwait } from "./rules/loop-without-await";
import { needlessSelfWake } from "./rules/needless-self-wake";
import { pendingWithoutWaker } from "./rules/pending-without-waker";
import { pollIgnoresWakerChange } from "./rules/poll-ignores-waker-change";
import { selectInLoopRecreatesFuture } from "./rules/select-in-loop-recreates-future";
import { spawnApi } from "./rules/spawn-api";
import { stdMutexInEmbassy } from "./rules/std-mutex-in-embassy";
import { timerLoopDrift } from "./rules/timer-loop-drift";
import { unawaitedFuture } from "./rules/unawaited-future";

/** All rules, in the order of the documentation. */
export const RULES: readonly Rule[] = [
  guardAcrossAwait,
  asyncGuardOverUnrelatedAwait,
  blockingCallInAsync,
  blockOnInsideAsync,
  loopWithoutAwait,
  unawaitedFuture,
  pendingWithoutWaker,
  pollIgnoresWakerChange,
  cancelUnsafeSelect,
  selectInLoopRecreatesFuture,
  needlessSelfWake,
  timerLoopDrift,
  largeLocalAcrossAwait,
  spawnApi,
  stdMutexInEmbassy,
];
