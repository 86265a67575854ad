import type { Address } from "../../../base/brand";
import type { ProgramFunction } from "../../../symbols/function";
import type { Program } from "../../../symbols/program";
import type { TracepointHit } from "../../../target/target";
import type { RunPlace } from "../../run-control/movement";
import type { Goal } from "../step-context";

/** The goals of a step, of which few are waited for at one time. */
export class GoalPlaces {
  /** The goal at which the last run has ended, if it was one. */
  reached: Goal | undefined;
  private readonly goals = new Map<number, Goal[]>();
  private readonly owners = new Set<ProgramFunction>();

  constructor(
    goals: readonly Goal[],
    private readonly program: Program,
  ) {
    for (const goal of goals) this.add(goal);
  }

  add(goal: Goal): void {
    this.goals.set(goal.address, [...(this.goals.get(goal.address) ?? []), goal]);
    const owner = this.program.functions.at(goal.address);
    if (owner !== undefined) this.owners.add(owner);
  }

  has(at: number): boolean {
    return this.goals.has(at);
  }

  /** Whether a function has goals. */
  areIn(owner: ProgramFunction): boolean {
    return this.owners.has(owner);
  }

  at(at: number, hit: TracepointHit): Goal | undefined {
    return this.goals.get(at)?.find((goal) => goal.accept(hit));
  }

  /** A place to run to; `reached` says whether it was a goal as well. */
  place(at: Address, isHere: (hit: TracepointHit) => boolean): RunPlace {
    const accept = (hit: TracepointHit) => {
      if (!isHere(hit)) return false;
      this.reached = this.at(at, hit);
      return true;
    };
    return { address: at, accept };
  }
}
