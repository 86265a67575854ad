import type { Nanoseconds } from "../base/brand";
import type { Connection } from "./net";

/** No event is due, ever. */
export const NEVER = Infinity as Nanoseconds;

/** One thing that happens at a time: an alarm, the next bit of a frame, a scripted button press. */
export interface TimedEvent extends Connection {
  readonly name: string;
  /** When it is due, or NEVER. */
  readonly dueAt: Nanoseconds;
  /** (Re)schedules the event; a time in the past is due at once. */
  schedule(at: Nanoseconds): void;
  cancel(): void;
}

/**
 * Virtual time and the timed events of one world: every chip and every part wired to it shares one scheduler.
 *
 * Events are made while the world is built, those of parts behind all others in the order of the parts. So the whole
 * state is one array of due times, events due at the same instant run in a fixed order, and a snapshot is a copy of the
 * array.
 */
export class Scheduler {
  /** The instant the world has reached. Whoever runs a core brings it up to date before any peripheral is called. */
  now = 0 as Nanoseconds;
  /** Counts changes of any due time, so that a running core notices that its next deadline may have moved. */
  revision = 0;

  private readonly events: { readonly event: TimedEvent; readonly onDue: () => void }[] = [];
  private readonly dueTimes: number[] = [];
  private earliest = NEVER;

  /** Makes an event that calls `onDue` each time it falls due. */
  addEvent(name: string, onDue: () => void): TimedEvent {
    const { dueTimes, events } = this;
    let last = events.length;
    /** Its number, which is smaller once an event before it has been removed. */
    const number = () => {
      if (events[last]?.event !== event) last = events.findIndex((each) => each.event === event);
      return last;
    };
    const setDue = (at: number) => {
      const index = number();
      if (dueTimes[index] === at) return;
      const wasEarliest = dueTimes[index] === this.earliest;
      dueTimes[index] = at;
      this.revision++;
      if (at <= this.earliest) this.earliest = at as Nanoseconds;
      else if (wasEarliest) this.findEarliest();
    };
    const event: TimedEvent = {
      name,
      get dueAt() {
        return dueTimes[number()] as Nanoseconds;
      },
      schedule: setDue,
      cancel: () => setDue(NEVER),
      remove: () => {
        setDue(NEVER);
        const index = number();
        events.splice(index, 1);
        dueTimes.splice(index, 1);
      },
    };
    events.push({ event, onDue });
    dueTimes.push(NEVER);
    return event;
  }

  /** When the next event is due, or NEVER. */
  get nextDue(): Nanoseconds {
    return this.earliest;
  }

  /** Runs, in order, every event that is due at or before `now`; an event may schedule itself again. */
  runDue(): void {
    while (this.earliest <= this.now) {
      const index = this.dueTimes.indexOf(this.earliest);
      this.dueTimes[index] = NEVER;
      this.revision++;
      this.findEarliest();
      this.events[index]!.onDue();
    }
  }

  /** The whole state: `now`, then each event's due time. */
  copyState(): Float64Array {
    return Float64Array.from([this.now, ...this.dueTimes]);
  }

  restoreState(state: Float64Array): void {
    this.now = state[0] as Nanoseconds;
    for (let i = 0; i < this.dueTimes.length; i++) this.dueTimes[i] = state[i + 1]!;
    this.revision++;
    this.findEarliest();
  }

  private findEarliest(): void {
    let earliest: number = NEVER;
    for (const dueAt of this.dueTimes) if (dueAt < earliest) earliest = dueAt;
    this.earliest = earliest as Nanoseconds;
  }
}
