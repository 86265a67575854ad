import { Analyses } from "../../analysis/analyses";
import type { Finding } from "../../analysis/finding";
import type { Thresholds } from "../../analysis/thresholds";
import type { Debuggee } from "../debuggee";
import { TaskHistory } from "../task-history";
import { findBigFutures } from "./future-sizes";
import { HeldGuards } from "./held-guards";
import { StuckTasks } from "./stuck-tasks";

export interface FindingsOptions {
  readonly thresholds?: Partial<Thresholds>;
}

/**
 * Looks for findings while a debuggee runs: in its trace, in memory at the end of polls, and, when it is asked to look
 * while the debuggee stands still, in all of RAM. Make it before the debuggee runs.
 */
export class FindingsWatch {
  private readonly analyses: Analyses;
  private readonly guards: HeldGuards;
  private readonly stuck: StuckTasks;

  constructor(
    private readonly debuggee: Debuggee,
    { thresholds = {} }: FindingsOptions = {},
  ) {
    const history = new TaskHistory(debuggee.trace);
    this.analyses = new Analyses(debuggee.trace, { thresholds });
    const { findings } = this.analyses;
    this.guards = new HeldGuards(debuggee, history, findings);
    this.stuck = new StuckTasks(debuggee, history, this.analyses.thresholds, findings);
  }

  /**
   * Looks at a debuggee that stands still.
   * @param isForGood whether the core sleeps and nothing is to come that could wake it
   */
  async look(isForGood = false): Promise<void> {
    this.analyses.catchUp();
    await this.stuck.look(isForGood);
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
}
