import { EventKind, unpackPollEnd } from "../event";
import { SegmentColumns } from "./segment-columns";
import { familyOf, TaskSegment } from "./track";

const OUTCOMES = {
  pending: TaskSegment.PollPending,
  ready: TaskSegment.PollReady,
  unknown: TaskSegment.PollOpen,
} as const;

/** Follows one task: absent, ready, being polled, suspended. */
export class TaskSegments {
  readonly segments = new SegmentColumns(familyOf("task").kinds);
  private state: number = TaskSegment.Absent;
  /** Woken, or ended, in the poll that is under way. */
  private isWoken = false;
  private hasEnded = false;

  add(time: number, kind: EventKind, payload: number, row: number): void {
    switch (kind) {
      case EventKind.Spawn:
        this.enter(time, TaskSegment.Ready, row);
        break;
      case EventKind.Wake:
        if (this.state === TaskSegment.PollOpen) this.isWoken = true;
        else if (this.state === TaskSegment.Suspended) this.enter(time, TaskSegment.Ready, row);
        break;
      case EventKind.PollBegin:
        this.isWoken = false;
        this.hasEnded = false;
        this.enter(time, TaskSegment.PollOpen, row);
        break;
      case EventKind.PollEnd:
        this.endPoll(time, payload, row);
        break;
      case EventKind.TaskEnd:
        if (this.state === TaskSegment.PollOpen) this.hasEnded = true;
        else if (this.state !== TaskSegment.Absent) this.enter(time, TaskSegment.Absent, row);
        break;
      default:
    }
  }

  private endPoll(time: number, payload: number, row: number): void {
    if (this.state !== TaskSegment.PollOpen) return;
    const { result } = unpackPollEnd(payload);
    this.segments.changeLastKind(OUTCOMES[result]);
    if (this.hasEnded || result === "ready") this.enter(time, TaskSegment.Absent, row);
    else this.enter(time, this.isWoken ? TaskSegment.Ready : TaskSegment.Suspended, row);
  }

  private enter(time: number, state: number, row: number): void {
    this.state = state;
    this.segments.append(time, state, row);
  }
}
