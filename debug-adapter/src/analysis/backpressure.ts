import { nanoseconds, type Nanoseconds } from "../base/brand";
import { formatInstant } from "../base/duration";
import { EventKind, type SuspensionIndex, type TaskIndex, unpackPollEnd } from "../trace/event";
import type { Analysis, AnalysisContext, Fold, FoldedEvent } from "./analysis";
import { GrowingOccurrence, inWords } from "./growing-occurrence";
import { endAwaiting, placeKey, shortPlace } from "./task-places";

/** Futures of senders, as `awaitedName` calls them: pending only while there is no room. */
const SENDS =
  /(?:^|::)(?:SendFuture|DynamicSendFuture|DynSendFuture)(?:<|$)|(?:Channel|Sender|Publisher|Pub|Pipe|Writer)::(?:send|publish|write)\b/;

/** Waits below which nothing is said. */
const FEWEST_WAITS = 3;

/** One task, held back at one await. */
interface Sender {
  readonly told: HeldBack;
  readonly first: Nanoseconds;
  waits: number;
  total: number;
  longest: number;
}

/** Senders that a full channel holds back. */
class Backpressure implements Fold {
  /** By task and place. */
  private readonly senders = new Map<string, Sender>();
  /** By task, then by suspension: the same senders. */
  private readonly ofTasks: (Map<SuspensionIndex, Sender> | undefined)[] = [];
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
    const { thresholds, findings } = this.context;
    const sender = this.senderOf(task, unpackPollEnd(this.payloads[task]!).suspension, from);
    sender.waits++;
    sender.total += to - from;
    sender.longest = Math.max(sender.longest, to - from);
    const { waits, total, first, told } = sender;
    if (waits < FEWEST_WAITS || total < thresholds.backpressure || total * 2 < to - first) return;
    told.take(sender, to);
    findings.add(told);
  }

  private senderOf(task: TaskIndex, suspension: SuspensionIndex, first: Nanoseconds): Sender {
    const known = (this.ofTasks[task] ??= new Map<SuspensionIndex, Sender>());
    let sender = known.get(suspension);
    if (sender !== undefined) return sender;
    const { trace } = this.context;
    const place = trace.suspension(suspension)?.place ?? null;
    const key = `backpressure:${task}:${placeKey(place)}`;
    const told = () => new HeldBack(key, task, place, trace);
    sender = this.senders.get(key) ?? { told: told(), first, waits: 0, total: 0, longest: 0 };
    this.senders.set(key, sender);
    known.set(suspension, sender);
    return sender;
  }
}

/** What a sender's waits have come to: its weight is the time that it has waited. */
class HeldBack extends GrowingOccurrence {
  readonly kind = "backpressure";
  readonly remedy =
    "the receiver is slower than the sender: more room only delays it. Take from the channel faster, send less, or use a Signal or Watch if only the newest value matters; if the sender is meant to wait, all is well";
  private waits = 0;
  private longest = 0;

  /** Takes in a wait that has just ended. */
  take({ waits, total, longest, first }: Sender, to: number): void {
    this.grow(total, first, to);
    this.waits = waits;
    this.longest = longest;
  }

  get title(): string {
    const share = Math.round((100 * this.weight) / (this.to - this.from));
    return `${this.taskName} is held back by a full channel for ${share} % of its time`;
  }

  get evidence(): readonly string[] {
    const { place, waits, weight: total, longest, from, to } = this;
    const at = place === null ? "" : ` at ${shortPlace(place)}`;
    return [
      `since ${formatInstant(nanoseconds(from))} s it waited for room ${waits} times${at}: ${inWords(total)} of ${inWords(to - from)}, at most ${inWords(longest)} at once`,
    ];
  }
}

export const backpressure: Analysis = {
  name: "backpressure",
  requires: [],
  kinds: [EventKind.PollEnd, EventKind.Wake],
  create: (context) => new Backpressure(context),
};
