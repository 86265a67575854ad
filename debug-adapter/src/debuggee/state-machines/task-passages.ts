import { EventKind, NO_TASK, type TaskIndex, UNKNOWN_SUSPENSION, unpackPollEnd } from "../../trace/event";
import type { Trace } from "../../trace/trace";

/**
 * Where a task stands between two polls: at a suspension of the trace's table, or at one of these. 0, the unknown
 * suspension, stands for "not known".
 */
export const Standing = { Unresumed: -1, Returned: -2, Unknown: UNKNOWN_SUSPENSION } as const;

/** All polls of a task that found it at one place and left it at another. */
export interface Passage {
  readonly task: TaskIndex;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** From the begin to the end of these polls, what broke in included; in nanoseconds. */
  readonly pollTime: number;
  /** When the last of them ended. */
  readonly lastAt: number;
}

/** All times that a task stood at one place until it was polled again. */
export interface Stay {
  readonly task: TaskIndex;
  readonly at: number;
  readonly count: number;
  /** From the end of a poll, or the spawn, to the begin of the next; in nanoseconds. */
  readonly time: number;
  /** What has made it ready first, each time: how often, by the payload of the wake. A spawn is no wake. */
  readonly wokenBy: ReadonlyMap<number, number>;
}

/** Where a task stands now. While it is polled, where the poll has found it. */
export interface TaskStanding {
  readonly at: number;
  readonly since: number;
  readonly isPolled: boolean;
}

type Draft<Row> = { -readonly [Key in keyof Row]: Row[Key] };

interface StayDraft extends Draft<Omit<Stay, "wokenBy">> {
  readonly wokenBy: Map<number, number>;
}

interface Track {
  at: number;
  since: number;
  pollBegan: number;
  hasEnded: boolean;
  /** The payload of the first wake since its last poll began. */
  wake: number;
  readonly passages: Map<number, Map<number, Draft<Passage>>>;
  readonly stays: Map<number, StayDraft>;
}

const NOT_POLLED = -1;
const NOT_WOKEN = -1;

/**
 * From where to where the polls of a trace have taken its tasks. It reads only what was added since it was asked last,
 * so that it may be asked again and again while a run goes on.
 */
export class TaskPassages {
  private readonly tracks = new Map<TaskIndex, Track>();
  private rowsRead = 0;

  constructor(private readonly trace: Trace) {}

  passages(): Passage[] {
    this.catchUp();
    return [...this.tracks.values()].flatMap(({ passages }) =>
      [...passages.values()].flatMap((to) => [...to.values()]),
    );
  }

  stays(): Stay[] {
    this.catchUp();
    return [...this.tracks.values()].flatMap(({ stays }) => [...stays.values()]);
  }

  /** Undefined for a task that nothing has happened to. */
  standing(task: TaskIndex): TaskStanding | undefined {
    this.catchUp();
    const track = this.tracks.get(task);
    if (track === undefined) return undefined;
    const isPolled = track.pollBegan !== NOT_POLLED;
    return { at: track.at, since: isPolled ? track.pollBegan : track.since, isPolled };
  }

  private catchUp(): void {
    const { events } = this.trace;
    for (; this.rowsRead < events.length; this.rowsRead++) {
      const task = events.task(this.rowsRead);
      if (task !== NO_TASK) this.add(task, this.rowsRead);
    }
  }

  private add(task: TaskIndex, row: number): void {
    const { events } = this.trace;
    const time = events.time(row);
    const track = this.trackOf(task, time);
    switch (events.kind(row)) {
      case EventKind.Spawn:
        // An interrupt may fill the slot again before the poll that has ended its last task has returned.
        if (track.hasEnded) arrive(track, task, { time, to: Standing.Returned });
        track.wake = NOT_WOKEN;
        track.at = Standing.Unresumed;
        track.since = time;
        track.pollBegan = NOT_POLLED;
        break;
      case EventKind.Wake:
        if (track.wake === NOT_WOKEN) track.wake = events.payload(row);
        break;
      case EventKind.PollBegin:
        leave(track, task, time);
        break;
      case EventKind.TaskEnd:
        track.hasEnded = true;
        break;
      case EventKind.PollEnd:
        arrive(track, task, { time, to: standingBehind(events.payload(row), track.hasEnded) });
        break;
      default:
    }
  }

  private trackOf(task: TaskIndex, time: number): Track {
    let track = this.tracks.get(task);
    if (track === undefined) {
      // Nothing tells of a spawn where an executor is written by hand: but who was never polled stands at the beginning.
      track = {
        at: Standing.Unresumed,
        since: time,
        pollBegan: NOT_POLLED,
        hasEnded: false,
        wake: NOT_WOKEN,
        passages: new Map(),
        stays: new Map(),
      };
      this.tracks.set(task, track);
    }
    return track;
  }
}

function leave(track: Track, task: TaskIndex, time: number): void {
  // Whoever is polled after its future has returned has a new one, or breaks the rules: it stands nobody knows where.
  if (track.at === Standing.Returned) track.at = Standing.Unknown;
  let stay = track.stays.get(track.at);
  if (stay === undefined) {
    stay = { task, at: track.at, count: 0, time: 0, wokenBy: new Map() };
    track.stays.set(track.at, stay);
  }
  stay.count++;
  stay.time += time - track.since;
  if (track.wake !== NOT_WOKEN) stay.wokenBy.set(track.wake, (stay.wokenBy.get(track.wake) ?? 0) + 1);
  track.wake = NOT_WOKEN;
  track.pollBegan = time;
  track.hasEnded = false;
}

function arrive(
  track: Track,
  task: TaskIndex,
  { time, to }: { readonly time: number; readonly to: number },
): void {
  if (track.pollBegan === NOT_POLLED) return;
  let fromHere = track.passages.get(track.at);
  if (fromHere === undefined) {
    fromHere = new Map<number, Draft<Passage>>();
    track.passages.set(track.at, fromHere);
  }
  let passage = fromHere.get(to);
  if (passage === undefined) {
    passage = { task, from: track.at, to, count: 0, pollTime: 0, lastAt: 0 };
    fromHere.set(to, passage);
  }
  passage.count++;
  passage.pollTime += time - track.pollBegan;
  passage.lastAt = time;
  track.at = to;
  track.since = time;
  track.pollBegan = NOT_POLLED;
}

function standingBehind(payload: number, hasEnded: boolean): number {
  const { result, suspension } = unpackPollEnd(payload);
  if (hasEnded || result === "ready") return Standing.Returned;
  return result === "unknown" ? Standing.Unknown : suspension;
}
