import { nanoseconds, type Nanoseconds } from "../base/brand";
import { formatDuration, formatInstant } from "../base/duration";
import { EventKind, type TaskIndex, unpackPollEnd } from "../trace/event";
import type { Analysis, AnalysisContext, Fold, FoldedEvent } from "./analysis";
import { endAwaiting, placeKey, shortPlace, taskName } from "./task-places";

/** Futures of senders, as `awaitedName` calls them: pending only while there is no room. */
const SENDS =
  /(?:^|::)(?:SendFuture|DynamicSendFuture|DynSendFuture)(?:<|$)|(?:Channel|Sender|Publisher|Pub|Pipe|Writer)::(?:send|publish|write)\b/;

/** Waits below which nothing is said. */
const FEWEST_WAITS = 3;

/** One task, held back at one await. */
interface Sender {
  waits: number;
  total: number;
  longest: number;
  first: number;
}

/** Senders that a full channel holds back. */
class Backpressure implements Fold {
  private readonly senders = new Map<string, Sender>();
  /** By task: the payload of the poll's end since which it waits for room, or undefined. */
  private readonly waitsSince: (number | undefined)[] = [];
  private readonly payloads: number[] = [];
  /** By suspension: whether it is one of a sender. */
  private readonly isSend: (boolean | undefined)[] = [];

  constructor(private readonly context: AnalysisContext) {}

  add({ time, kind, task, payload }: FoldedEvent): void {
    if (kind === EventKind.PollEnd) {
      this.waitsSince[task] = this.isAtSend(payload) ? time : undefined;
      this.payloads[task] = payload;
    } else if (kind === EventKind.Wake) {
      const since = this.waitsSince[task];
      if (since === undefined) return;
      this.waitsSince[task] = undefined;
      this.count(task, nanoseconds(since), time);
    }
  }

  private isAtSend(payload: number): boolean {
    const { suspension } = unpackPollEnd(payload);
    return (this.isSend[suspension] ??= SENDS.test(endAwaiting(this.context.trace, payload) ?? ""));
  }

  private count(task: TaskIndex, from: Nanoseconds, to: Nanoseconds): void {
    const { trace, thresholds, findings } = this.context;
    const place = trace.suspension(unpackPollEnd(this.payloads[task]!).suspension)?.place ?? null;
    const key = `backpressure:${task}:${placeKey(place)}`;
    const sender = this.senders.get(key) ?? { waits: 0, total: 0, longest: 0, first: from };
    this.senders.set(key, sender);
    sender.waits++;
    sender.total += to - from;
    sender.longest = Math.max(sender.longest, to - from);
    const elapsed = to - sender.first;
    if (sender.waits < FEWEST_WAITS || sender.total < thresholds.backpressure || sender.total * 2 < elapsed)
      return;
    const name = taskName(trace, task);
    findings.add({
      key,
      weight: sender.total,
      kind: "backpressure",
      severity: "note",
      title: `${name} is held back by a full channel for ${Math.round((100 * sender.total) / elapsed)} % of its time`,
      tasks: [task],
      span: { from: nanoseconds(sender.first), to },
      place,
      related: [],
      evidence: [
        `since ${formatInstant(nanoseconds(sender.first))} s it waited for room ${sender.waits} times${place === null ? "" : ` at ${shortPlace(place)}`}: ${formatDuration(nanoseconds(sender.total))} of ${formatDuration(nanoseconds(elapsed))}, at most ${formatDuration(nanoseconds(sender.longest))} at once`,
      ],
      remedy:
        "the receiver is slower than the sender: more room only delays it. Take from the channel faster, send less, or use a Signal or Watch if only the newest value matters; if the sender is meant to wait, all is well",
    });
  }
}

export const backpressure: Analysis = {
  name: "backpressure",
  requires: [],
  kinds: [EventKind.PollEnd, EventKind.Wake],
  create: (context) => new Backpressure(context),
};
