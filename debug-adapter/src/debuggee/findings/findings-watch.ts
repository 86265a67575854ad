import { Analyses } from "../../analysis/analyses";
import type { Finding } from "../../analysis/finding";
import type { Thresholds } from "../../analysis/thresholds";
import { nanoseconds } from "../../base/brand";
import type { Alarm, TracepointHit } from "../../target/target";
import type { Debuggee } from "../debuggee";
import { stillMachine, stillMachineAt } from "../still-machine";
import { TaskHistory } from "../task-history";
import { findBigFutures } from "./future-sizes";
import { HeldGuards } from "./held-guards";
import { StuckTasks } from "./stuck-tasks";

export interface FindingsOptions {
  readonly thresholds?: Partial<Thresholds>;
}

/**
 * Looks for findings while a debuggee runs: in its trace, and in memory where the core sleeps or a poll has ended. What
 * it finds depends on the run alone, not on how often the run is broken off. Make it before the debuggee runs.
 */
export class FindingsWatch {
  private readonly analyses: Analyses;
  private readonly history: TaskHistory;
  private readonly guards: HeldGuards;
  private readonly stuck: StuckTasks;
  private readonly alarm: Alarm | undefined;
  private alarmAt = Infinity;

  constructor(
    private readonly debuggee: Debuggee,
    { thresholds = {} }: FindingsOptions = {},
  ) {
    const { target } = debuggee;
    this.history = new TaskHistory(debuggee.trace);
    this.analyses = new Analyses(debuggee.trace, { thresholds });
    const { findings } = this.analyses;
    this.guards = new HeldGuards(debuggee, this.history, findings);
    this.stuck = new StuckTasks(debuggee, this.analyses.thresholds, findings);
    this.alarm = target.addAlarm?.((hit) => this.ring(hit));
    debuggee.taskEvents.listen(() => {
      this.analyses.catchUp();
      this.setAlarm();
      return false;
    });
    target.observe({ onSleep: () => this.setAlarm() });
  }

  /**
   * Looks at a debuggee that stands still.
   * @param isForGood whether the core sleeps and nothing is to come that could wake it
   */
  async look(isForGood = false): Promise<void> {
    this.analyses.catchUp();
    if (isForGood) this.stuck.look(await stillMachine(this.debuggee), this.debuggee.target.now, isForGood);
  }

  /** The run is over: what is under way counts up to now. To be called once. */
  finish(): void {
    this.analyses.finish();
    this.guards.finish(this.debuggee.trace.endTime);
    findBigFutures(this.debuggee, this.analyses.thresholds, this.analyses.findings);
  }

  findings(): Finding[] {
    return this.analyses.findings.list();
  }

  /** What has failed inside, a sentence each. */
  get problems(): readonly string[] {
    return this.analyses.problems;
  }

  private setAlarm(): void {
    const next = this.stuck.nextLook();
    if (next >= this.alarmAt) return;
    this.alarmAt = next;
    this.alarm?.set(nanoseconds(next));
  }

  private ring(hit: TracepointHit): boolean {
    this.alarmAt = Infinity;
    this.analyses.catchUp();
    if (this.stuck.nextLook() <= hit.time) {
      this.stuck.look(stillMachineAt(hit, this.history.states()), hit.time, false);
    }
    this.setAlarm();
    return false;
  }
}
