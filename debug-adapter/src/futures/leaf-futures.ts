import { pathComponents, withoutGenerics } from "../symbols/types/type-name";
import type { Type } from "../symbols/types/type";
import { oncePerType } from "../values/once-per-type";
import { pathOf, withoutAliases } from "../values/type-words";
import { dmaLeaf } from "./leaves/dma";
import { alarmLeaf, gpioLeaf, hardwareLeaf, pioLeaf, uartLeaf, yieldLeaf } from "./leaves/hardware";
import type { LeafContext, LeafFuture } from "./leaves/leaf";
import { mutexLeaf, rwLockLeaf, semaphoreLeaf } from "./leaves/locks";
import { channelLeaf, onceLockLeaf, pipeLeaf, pubSubLeaf, signalLeaf, watchLeaf } from "./leaves/queues";
import { timerLeaf } from "./leaves/timer";
import type { Wait } from "./wait";

/** All leaf futures that are known: to explain another, write a file like these and name it here. */
const LEAVES: readonly LeafFuture[] = [
  timerLeaf,
  mutexLeaf,
  rwLockLeaf,
  semaphoreLeaf,
  channelLeaf,
  pubSubLeaf,
  pipeLeaf,
  signalLeaf,
  watchLeaf,
  onceLockLeaf,
  gpioLeaf,
  uartLeaf,
  dmaLeaf,
  pioLeaf,
  alarmLeaf,
  hardwareLeaf,
  yieldLeaf,
];

/** Combinators and iterators that live beside leaf futures and are none. */
const NOT_LEAVES = /^embassy_time::timer::(?:TimeoutFuture|WithTimeout|Ticker)$/;

/** What a leaf future waits for; undefined if its type is not known, or is not laid out as expected. */
export function leafWait(context: LeafContext): Wait | undefined {
  const { type } = context.value;
  return leafOf(type)?.describe(context, leafKey(type));
}

/** Whether a type is a leaf future that can be explained. */
export function isKnownLeaf(type: Type): boolean {
  return leafOf(type) !== undefined;
}

const leafOf = oncePerType((type): LeafFuture | undefined => {
  const key = leafKey(type);
  if (key === "" || NOT_LEAVES.test(key)) return undefined;
  return LEAVES.find(({ matches }) => matches.test(key));
});

/**
 * What tells leaf futures apart: the full name of the type without generic arguments. The future of `poll_fn` has the
 * type of its closure, which is named after the function it stands in:
 *
 *     PollFn<embassy_sync::mutex::{impl#3}::lock::{closure_env#0}<…>>     embassy_sync::mutex::lock
 */
export const leafKey = oncePerType((type: Type): string => {
  const bare = withoutAliases(type);
  if (bare.kind !== "struct") return "";
  if (pathOf(bare) !== "core::future::poll_fn::PollFn") return isClosure(bare.name) ? "" : pathOf(bare);
  const closure = bare.members.find((member) => isClosure(member.type.name));
  if (closure === undefined) return "";
  return pathComponents(withoutGenerics(closure.type.name))
    .filter((component) => !component.startsWith("{"))
    .join("::");
});

function isClosure(name: string): boolean {
  return pathComponents(withoutGenerics(name)).at(-1)?.startsWith("{closure_env#") === true;
}
