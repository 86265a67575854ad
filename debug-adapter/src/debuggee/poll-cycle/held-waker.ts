import { timerNow } from "../../futures/timer-now";
import type { TaskIndex } from "../../trace/event";
import type { Inspection } from "../inspection";
import type { Why } from "../why-not-running/why";

/** Who holds the waker of a suspended task, as it is seen in memory. */
export interface HeldWaker {
  /** When the executor's queue of timers will wake it, in nanoseconds since power-on, to a tick; undefined if it is not in there. */
  readonly timer: { readonly dueAt: number } | "never due" | undefined;
  /** Where else it is, as a reader would write it: `BANK0_WAKERS[15]`. */
  readonly holders: readonly string[];
  /** Words that may be a waker that was left behind. */
  readonly unsure: readonly string[];
  /** Whether the search tells all: not where the executor is one whose wakers are not known. */
  readonly isWhole: boolean;
  /** What has to happen before the task goes on: a clause. */
  readonly verdict: string;
  readonly isLost: boolean;
}

/** One tick of embassy-time on the RP2040, in nanoseconds. */
const TICK = 1000;

/** `Instant::MAX`. */
const NEVER = 0xffff_ffff_ffff_ffffn;

/** @param why of the same instant and task */
export async function heldWaker(task: TaskIndex, inspection: Inspection, why: Why): Promise<HeldWaker> {
  const wakers = await inspection.wakers();
  const found = wakers.tasks[task];
  const holders = (found?.search.holders ?? []).filter(({ isOwn }) => !isOwn);
  const words = (certainty: string) => [
    ...new Set(holders.filter((each) => each.certainty === certainty).map(({ text }) => text)),
  ];
  return {
    timer: timerOf(found?.timer, inspection),
    holders: words("waker"),
    unsure: words("unsure"),
    isWhole: found !== undefined,
    verdict: why.verdict.text,
    isLost: why.verdict.kind === "lost",
  };
}

type Wakers = Awaited<ReturnType<Inspection["wakers"]>>;

function timerOf(timer: Wakers["tasks"][number]["timer"], inspection: Inspection): HeldWaker["timer"] {
  if (timer?.kind !== "queued") return undefined;
  if (timer.due === NEVER) return "never due";
  const now = timerNow(inspection.reader.memory);
  if (now === undefined) return undefined;
  const dueIn = Number(timer.due - now) * TICK;
  // The counter stood at `now` for up to a tick: more digits would not be true.
  return { dueAt: Math.round((inspection.debuggee.target.now + dueIn) / TICK) * TICK };
}
