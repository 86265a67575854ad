import { type CodeView, type FlowStep, flowStepAt } from "./thumb-flow";

/** The function whose flow is looked at. */
export interface FlowFunction {
  readonly address: number;
  contains(at: number): boolean;
}

/** Instructions in one function; more are no function. */
const MOST_STEPS = 100_000;

/** What may be executed after what in one function: all instructions that can be reached from its entry. */
export class FlowGraph {
  private readonly steps = new Map<number, FlowStep>();
  /** Traps, and calls that do not come back. */
  private readonly lastCalls = new Set<number>();
  private readonly withoutReturn = new Map<number, boolean>();

  /** @param returns whether a function that is called comes back */
  constructor(
    private readonly owner: FlowFunction,
    code: CodeView,
    returns: (callee: number) => boolean,
  ) {
    const open = [owner.address];
    for (let at = open.pop(); at !== undefined && this.steps.size < MOST_STEPS; at = open.pop()) {
      if (this.steps.has(at)) continue;
      const step = flowStepAt(at, code);
      if (step === undefined) continue;
      const isEnd = typeof step.call === "number" && !returns(step.call);
      if (isEnd || step.isTrap) this.lastCalls.add(at);
      const next = isEnd ? [] : step.next.filter((each) => owner.contains(each));
      this.steps.set(at, { ...step, next });
      open.push(...next);
    }
  }

  get entry(): number {
    return this.owner.address;
  }

  /** All instructions, in no particular order. */
  all(): IterableIterator<FlowStep> {
    return this.steps.values();
  }

  isCall(at: number): boolean {
    return this.steps.get(at)?.call !== undefined;
  }

  next(at: number): readonly number[] {
    return this.steps.get(at)?.next ?? [];
  }

  /** The instructions that are reached from some without going through those that are blocked. */
  reachable(from: readonly number[], isBlocked: (at: number) => boolean): Set<number> {
    const reached = new Set<number>();
    const open = [...from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (reached.has(at) || isBlocked(at)) continue;
      reached.add(at);
      open.push(...this.next(at));
    }
    return reached;
  }

  /** Whether every path from an instruction ends in a call that does not come back, as a panic does. */
  neverReturns(at: number): boolean {
    let never = this.withoutReturn.get(at);
    if (never === undefined) {
      const ahead = this.reachable([at], () => false);
      never = !this.endsOrCircles(ahead, () => false, this.lastCalls);
      this.withoutReturn.set(at, never);
    }
    return never;
  }

  /**
   * Whether there is an instruction among `some` after which neither one of them comes nor one that it may go on to, or a
   * way in a circle.
   *
   * @param ignored ends that do not count
   */
  endsOrCircles(
    some: ReadonlySet<number>,
    goesOnTo: (at: number) => boolean,
    ignored: ReadonlySet<number> = NONE,
  ): boolean {
    const left = new Map<number, number>();
    const sources: number[] = [];
    for (const at of some) {
      const next = this.next(at);
      if (next.length === 0 && !ignored.has(at)) return true;
      for (const each of next) if (!some.has(each) && !goesOnTo(each)) return true;
      left.set(at, 0);
    }
    for (const at of some)
      for (const each of this.next(at)) if (some.has(each)) left.set(each, left.get(each)! + 1);
    for (const [at, count] of left) if (count === 0) sources.push(at);
    let ordered = 0;
    for (let at = sources.pop(); at !== undefined; at = sources.pop()) {
      ordered++;
      for (const each of this.next(at)) {
        const count = left.get(each);
        if (count === undefined) continue;
        left.set(each, count - 1);
        if (count === 1) sources.push(each);
      }
    }
    return ordered < some.size;
  }
}

const NONE: ReadonlySet<number> = new Set();
