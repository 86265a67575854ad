import { EventKind, NO_TASK, type TaskIndex } from "../event";
import { SegmentColumns } from "./segment-columns";
import { CoreSegment, familyOf } from "./track";

/** Follows the core: polling, in an interrupt, asleep, or in the executor's own code between. */
export class CoreSegments {
  readonly segments = new SegmentColumns(familyOf("core").kinds);
  /** Polls and interrupts under way, innermost last; an interrupt is NO_TASK. */
  private readonly stack: TaskIndex[] = [];
  /** The rows at which they began. */
  private readonly rows: number[] = [];
  private isAsleep = false;
  private hasPolled = false;

  constructor() {
    this.segments.append(0, CoreSegment.StartUp, 0);
  }

  add(time: number, kind: EventKind, task: TaskIndex, row: number): void {
    switch (kind) {
      case EventKind.PollBegin:
        // A task is not polled inside its own poll: one that never ended was cut off, as by a reset of the chip.
        this.drop(this.stack.indexOf(task));
        this.hasPolled = true;
        this.push(task, row);
        break;
      case EventKind.IrqBegin:
        this.push(NO_TASK, row);
        break;
      case EventKind.PollEnd:
        this.drop(this.stack.lastIndexOf(task));
        break;
      case EventKind.IrqEnd:
        this.drop(this.stack.lastIndexOf(NO_TASK));
        break;
      case EventKind.SleepBegin:
        this.isAsleep = true;
        break;
      case EventKind.SleepEnd:
        this.isAsleep = false;
        break;
      default:
        return;
    }
    // What goes on where it was interrupted is told by the row at which it began.
    this.segments.append(time, this.state(), this.rows.at(-1) ?? row);
  }

  private push(task: TaskIndex, row: number): void {
    this.stack.push(task);
    this.rows.push(row);
  }

  /** Ends what began at `at`, and all inside it; nothing if that is negative. */
  private drop(at: number): void {
    if (at < 0) return;
    this.stack.length = at;
    this.rows.length = at;
  }

  private state(): number {
    const innermost = this.stack.at(-1);
    if (innermost !== undefined) return innermost === NO_TASK ? CoreSegment.Interrupt : CoreSegment.Polling;
    if (this.isAsleep) return CoreSegment.Asleep;
    return this.hasPolled ? CoreSegment.Scheduling : CoreSegment.StartUp;
  }
}
