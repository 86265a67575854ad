import { address } from "../../../base/brand";
import type { FlowStep } from "../../../executor/hand-written/thumb-flow";
import type { ProgramFunction } from "../../../symbols/function";
import { Register } from "../../../target/architecture";
import type { TracepointHit } from "../../../target/target";
import { overMemory } from "../../../unwind/fetched-memory";
import type { RunEnd, Runner, RunPlace } from "../../run-control/movement";
import type { StopCause } from "../../run-control/stop";
import { stateAt } from "../future-match";
import { exceptionAt, frameAt, isAtLevel } from "../hit-frame";
import { stepped } from "../run-to-goals";
import type { Goal, StepContext } from "../step-context";
import { stepInstruction } from "../step-instruction";
import type { AwaitLink } from "../step-origin";
import type { StepFrame } from "../step-stack";
import { AwaitChain } from "./await-chain";
import type { Callees } from "./callees";
import type { Entering } from "./entering";
import { GoalPlaces } from "./goal-places";
import { type PollEntry, PollEntries } from "./poll-entries";
import { flowCut } from "./flow-cut";
import { callersOf, hitHere, type Standing, standingOf } from "./standing";
import { pollEndOf } from "./poll-frames";

/** Breakpoints that a step has at one time. A Pico has four: one is run control's, and one is left to the user. */
export const MOST_PLACES = 2;

/** How a walk goes on: stopped for good, or standing somewhere else. */
type Outcome = { readonly kind: "end"; readonly cause: StopCause } | { readonly kind: "on" };

const ON: Outcome = { kind: "on" };

/**
 * Goes to the first of many goals with a few breakpoints: within a function from cut to cut of its flow (flow-cut.ts),
 * out of a function to the next caller that has goals, and, once the task is suspended, to its next poll. What is
 * called on the way runs at full speed.
 */
export class Walk {
  private readonly goals: GoalPlaces;
  private readonly chain: AwaitChain;
  private readonly polls: PollEntries;
  /** Links up to this one are pending, so that those who only await them are, too. */
  private settled = -1;
  /** Where the last run has ended. */
  private last: RunPlace | undefined;

  constructor(
    private readonly context: StepContext,
    private readonly runner: Runner,
    goals: readonly Goal[],
    /** Of a step in. */
    private readonly entering?: Entering,
  ) {
    this.chain = new AwaitChain(context);
    this.polls = new PollEntries(this.chain, context);
    this.goals = new GoalPlaces(goals, context.source.firmware.program);
  }

  async toGoal(): Promise<StopCause> {
    let outcome: Outcome = this.context.origin.frames.length === 0 ? await this.waitForPoll() : ON;
    while (outcome.kind === "on") outcome = await this.move(await this.standing());
    return outcome.cause;
  }

  private standing(): Promise<Standing> {
    return standingOf(this.runner.target, this.context.source.firmware, this.context.code);
  }

  private async move(here: Standing): Promise<Outcome> {
    const { owner } = here;
    const calls = this.entering?.callsIn(here);
    if (owner === undefined || !(calls !== undefined || this.isOfInterest(owner))) return this.leave(here);
    const { flows } = this.context.code;
    const step = flows.stepAt(here.pc, owner);
    if (step !== undefined && calls?.isFollowed(step) === true) return this.follow(here, step);
    const callee = this.calleeOf(owner);
    const cut = flowCut(here.pc, {
      stepAt: (at) => flows.stepAt(at, owner),
      isGoal: (at) => this.goals.has(at) || this.isFollowed(at, owner, calls),
      most: MOST_PLACES,
      areCallsWatched: callee !== undefined,
    });
    if (cut === undefined) return this.stepOne();
    const isSame = (hit: TracepointHit) =>
      exceptionAt(hit) === here.exception &&
      frameAt(hit, this.context.code.unwinder).cfa === here.callFrameAddress;
    const places = cut.places.map((at) => this.goals.place(address(at), isSame));
    if (cut.hasCalls && callee !== undefined) places.push(callee);
    return cut.mayLeave ? this.leave(here, places) : this.run(places);
  }

  private isFollowed(at: number, owner: ProgramFunction, calls: Callees | undefined): boolean {
    const step = calls && this.context.code.flows.stepAt(at, owner);
    return step !== undefined && calls?.isFollowed(step) === true;
  }

  /** Goes into a call that may come to what a step in looks for, or over it if nothing of that is called. */
  private async follow(here: Standing, step: FlowStep): Promise<Outcome> {
    const entering = this.entering!;
    const back = this.goals.place(
      address(step.next[0]!),
      isAtLevel({ ...here, stackPointer: here.registers[Register.sp]! }),
    );
    const way = entering.wayInto(here, step);
    if (way.kind === "into") return this.stepOne();
    if (way.kind === "over") return this.run([back]);
    const { exception } = here;
    const entry = this.goals.place(way.entry.address, (hit) => exceptionAt(hit) === exception);
    const outcome = await this.run([entry, back]);
    if (outcome.kind === "end" || this.last !== entry) return outcome;
    const entered = await entering.enter(way.entry, await this.standing());
    for (const goal of entered.goals) this.goals.add(goal);
    return entered.isEnd ? ended(stepped(undefined)) : ON;
  }

  /** Whether goals may still be come to in a function. */
  private isOfInterest(owner: ProgramFunction): boolean {
    const last = this.chain.lastIn(owner);
    return this.goals.areIn(owner) && (last === undefined || last > this.settled);
  }

  /** Runs to some places of a function, or to the first of its callers that is of interest. */
  private async leave(here: Standing, places: readonly RunPlace[] = []): Promise<Outcome> {
    const caller = this.callerOf(here);
    if (caller === undefined) {
      return places.length > 0 || this.chain.links.length === 0 ? this.run(places) : this.waitForPoll();
    }
    const back = this.goals.place(caller.pc, isAtLevel(caller));
    const outcome = await this.run([...places, back]);
    if (outcome.kind === "end" || this.last !== back) return outcome;
    return this.returned(here, caller);
  }

  /** The nearest caller that is of interest; of a future no further than to what gets control when the poll ends. */
  private callerOf(here: Standing): StepFrame | undefined {
    const { embassy } = this.context.source;
    const isFuture = this.chain.links.length > 0;
    const end = isFuture && embassy !== undefined ? pollEndOf(here, embassy) : undefined;
    const callers = callersOf(here);
    const within =
      end === undefined
        ? callers
        : callers.slice(
            0,
            callers.findIndex(({ pc }) => pc === end.pc),
          );
    const wanted = within.find(
      (each) =>
        this.isOfInterest(each.scope.owner) ||
        this.goals.has(each.pc) ||
        this.entering?.isInside(each) === true,
    );
    return wanted ?? end ?? (isFuture ? callers[0] : undefined);
  }

  /** A function has returned: what it polled is pending, or has ended. */
  private async returned(from: Standing, to: StepFrame): Promise<Outcome> {
    const { chain } = this;
    if (chain.links.length === 0) return ON;
    const isPollOver = this.isPollOver(from, to);
    const left = from.owner === undefined ? undefined : chain.lastIn(from.owner);
    const outer = chain.firstIn(to.scope.owner) ?? 0;
    const inner = isPollOver ? chain.outermost : Math.max(left ?? -1, outer - 1);
    const state = await this.stateOf(chain.links[inner]);
    if (state === "suspended") {
      this.settled = Math.max(this.settled, inner);
      while (chain.isDirect(this.settled)) this.settled++;
    }
    if (isPollOver && (state === "returned" || state === "panicked")) return ended(stepped(this.endWords()));
    return isPollOver || this.settled >= chain.outermost ? this.waitForPoll() : ON;
  }

  private isPollOver(from: Standing, { pc, stackPointer }: StepFrame): boolean {
    const { embassy } = this.context.source;
    const end = embassy && pollEndOf(from, embassy);
    return end?.pc === pc && end.stackPointer === stackPointer;
  }

  private endWords(): string {
    const { source, origin } = this.context;
    const name = origin.task === undefined ? undefined : source.trace.tasks[origin.task]?.name;
    return `${name ?? "the task"} has ended`;
  }

  private stateOf(link: AwaitLink | undefined) {
    if (link === undefined) return Promise.resolve(undefined);
    return overMemory(this.runner.target, (memory) => stateAt({ memory }, link.future));
  }

  /** Where control comes to the next future further in that whoever stands in a function may poll. */
  private calleeOf(owner: ProgramFunction): RunPlace | undefined {
    const first = this.chain.firstIn(owner);
    if (first === undefined || first === 0) return undefined;
    return this.placeOf(this.polls.entryOf(this.chain.innermostWith(first - 1)));
  }

  /**
   * Waits for the next poll of the task, in the innermost function that cannot be passed by. One that is not the
   * future's own says nothing of the task: then the poll of the task is waited for first.
   */
  private async waitForPoll(): Promise<Outcome> {
    const { chain } = this;
    // The core stands where no code of the program's is, as before its start: there is no poll to wait for.
    if (chain.links.length === 0) return this.run([]);
    this.settled = -1;
    const link = chain.innermostWith(chain.outermost);
    const code = chain.codeAt(link);
    const isTold = code?.entry !== undefined && chain.links[link]?.future.address !== undefined;
    const entry = this.placeOf(this.polls.entryOf(link));
    if (isTold && entry !== undefined) return this.run([entry]);
    const poll = this.placeOf(await this.polls.taskPoll());
    if (poll === undefined) return ended(stepped(this.polls.whyNone(link)));
    const outcome = await this.run([poll]);
    if (outcome.kind === "end" || entry === undefined || code?.owner.address === poll.address) return outcome;
    const here = await this.standing();
    const { embassy } = this.context.source;
    const end = embassy && pollEndOf(here, embassy);
    return this.run(end === undefined ? [entry] : [entry, this.goals.place(end.pc, isAtLevel(end))]);
  }

  private placeOf(entry: PollEntry | undefined): RunPlace | undefined {
    return entry && this.goals.place(entry.address, entry.isPoll);
  }

  private async run(places: readonly RunPlace[]): Promise<Outcome> {
    this.goals.reached = undefined;
    const end = await this.runner.runTo(places);
    this.last = end.kind === "reached" ? end.place : undefined;
    return this.outcomeOf(end);
  }

  private async outcomeOf(end: RunEnd): Promise<Outcome> {
    if (end.kind === "stopped") return ended(end.cause);
    const { reached } = this.goals;
    return reached === undefined ? ON : ended(stepped(await this.wordsAt(reached)));
  }

  /** The next instruction, wherever that is. */
  private async stepOne(): Promise<Outcome> {
    const cause = await stepInstruction(this.runner);
    if (cause.kind !== "step") return ended(cause);
    const here = await this.standing();
    if (!this.goals.has(here.pc)) return ON;
    const goal = await overMemory(this.runner.target, (memory) =>
      this.goals.at(here.pc, hitHere(here, memory, this.runner.target)),
    );
    return goal === undefined ? ON : ended(stepped(await this.wordsAt(goal)));
  }

  /** Whoever awaited the stepped future may go on without its result. */
  private async wordsAt(goal: Goal): Promise<string | undefined> {
    const [inner] = this.chain.links;
    const isAwaiter = goal.event !== undefined;
    if (isAwaiter && inner !== undefined && (await this.stateOf(inner)) === "suspended") {
      return `${inner.future.body.name} has not returned: whoever awaited it has dropped it or keeps it for later`;
    }
    return this.entering?.doubt ?? this.polls.doubt ?? this.context.match.doubt;
  }
}

function ended(cause: StopCause): Outcome {
  return { kind: "end", cause };
}
