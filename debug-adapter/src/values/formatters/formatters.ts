import type { Formatter } from "../shape";
import { allocFormatters } from "./alloc";
import { atomicFormatter } from "./atomic";
import { cellFormatter, refCellFormatter } from "./cell";
import { coreTimeFormatter } from "./core-time";
import {
  channelFormatter,
  pipeFormatter,
  priorityChannelFormatter,
  zeroCopyChannelFormatter,
} from "./embassy-channel";
import { lazyLockFormatter, onceLockFormatter } from "./embassy-lazy";
import { embassyMutexFormatter } from "./embassy-mutex";
import { pubSubFormatter } from "./embassy-pubsub";
import { rwLockFormatter } from "./embassy-rwlock";
import { semaphoreFormatter, semaphoreReleaserFormatter } from "./embassy-semaphore";
import { signalFormatter } from "./embassy-signal";
import { durationFormatter, instantFormatter } from "./embassy-time";
import { watchFormatter } from "./embassy-watch";
import { guardFormatters } from "./guard";
import { dequeFormatter, heaplessStringFormatter, heaplessVecFormatter } from "./heapless";
import { lockFormatter } from "./lock";
import { maybeUninitFormatter } from "./maybe-uninit";
import { rangeFormatters } from "./range";
import { staticCellFormatter } from "./static-cell";
import { taskPoolFormatter } from "./task-pool";
import { taskStorageFormatter } from "./task-storage";
import { transparentFormatter } from "./transparent";
import { wakerFormatter } from "./waker";

/** All formatters: to show another type well, write a file like these and name it here. */
const FORMATTERS: readonly Formatter[] = [
  atomicFormatter,
  cellFormatter,
  refCellFormatter,
  coreTimeFormatter,
  channelFormatter,
  priorityChannelFormatter,
  zeroCopyChannelFormatter,
  pipeFormatter,
  pubSubFormatter,
  embassyMutexFormatter,
  rwLockFormatter,
  semaphoreFormatter,
  semaphoreReleaserFormatter,
  onceLockFormatter,
  lazyLockFormatter,
  signalFormatter,
  watchFormatter,
  durationFormatter,
  instantFormatter,
  heaplessVecFormatter,
  heaplessStringFormatter,
  dequeFormatter,
  lockFormatter,
  maybeUninitFormatter,
  staticCellFormatter,
  taskPoolFormatter,
  taskStorageFormatter,
  transparentFormatter,
  wakerFormatter,
  ...rangeFormatters,
  ...allocFormatters,
  ...guardFormatters,
];

const BY_TYPE = new Map(FORMATTERS.flatMap((each) => each.types.map((path) => [path, each] as const)));

/** The formatter for a type by its full name without generic arguments. */
export function formatterOf(path: string): Formatter | undefined {
  return BY_TYPE.get(path);
}
