import { type Nanoseconds, nanoseconds } from "../base/brand";
import type { Rp2040 } from "../chip/rp2040/rp2040";
import type { Alarm, Tracepoint, TracepointHit } from "./target";

const NEVER = nanoseconds(Infinity);

interface SetAlarm {
  readonly onRing: Tracepoint["onHit"];
  at: Nanoseconds;
}

/** Shares the machine's one alarm among any number of those who want to be called at an instant. */
export class Alarms {
  private alarms: readonly SetAlarm[] = [];

  constructor(
    private readonly machine: Rp2040,
    private readonly hit: TracepointHit,
  ) {
    machine.hooks.onAlarm = () => this.ring();
  }

  add(onRing: Tracepoint["onHit"]): Alarm {
    const alarm: SetAlarm = { onRing, at: NEVER };
    this.alarms = [...this.alarms, alarm];
    return {
      set: (at) => {
        alarm.at = at;
        this.arm();
      },
      remove: () => {
        this.alarms = this.alarms.filter((other) => other !== alarm);
        this.arm();
      },
    };
  }

  /** In the order in which they were made; one that rings may set itself again. */
  private ring(): boolean {
    let stops = false;
    for (const alarm of this.alarms) {
      if (alarm.at > this.hit.time) continue;
      alarm.at = NEVER;
      if (alarm.onRing(this.hit)) stops = true;
    }
    this.arm();
    return stops;
  }

  private arm(): void {
    let first = NEVER;
    for (const { at } of this.alarms) if (at < first) first = at;
    this.machine.setAlarm(first);
  }
}
