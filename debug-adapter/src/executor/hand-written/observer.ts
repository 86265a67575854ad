import { hexAddress } from "../../base/hex-address";
import { address } from "../../base/brand";
import type { ProblemList } from "../../base/errors";
import { futureState } from "../../futures/future-state";
import type { Suspension, SuspensionDecoder } from "../../futures/suspension";
import type { Program } from "../../symbols/program";
import { exceptionNumber, Register } from "../../target/architecture";
import type { CollectItem, Removable, Target, TracepointHit } from "../../target/target";
import {
  EventKind,
  packPollEnd,
  packWakeSource,
  type PollResult,
  type SuspensionIndex,
  type TaskIndex,
  UNKNOWN_SUSPENSION,
  type WakeSource,
} from "../../trace/event";
import { ActivePolls } from "../active-polls";
import type { TaskEvents } from "../task-events";
import type { FuturePoll } from "./future-polls";
import type { InlinedExit } from "./inlined-activation";
import { resultOfExit } from "./loop-evidence";
import { type ObservedFuture, observedFuture, taskInfo } from "./observed-future";
import { PollFunction } from "./poll-function";
import type { PollAndWakeSites, PollSite } from "./sites";
import type { WakeSite } from "./wake-site";
import { findWakerLayout } from "./waker-layout";
import { wokenFutures } from "./woken-futures";

const REGISTERS: readonly CollectItem[] = [{ kind: "registers" }];

export interface HandWrittenContext {
  readonly program: Program;
  readonly events: TaskEvents;
  readonly decoder: SuspensionDecoder;
  readonly problems: ProblemList;
}

/** A poll that was inlined, and the one future that is polled there. */
interface InlinedPoll {
  readonly site: Extract<PollSite, { kind: "inlined" }>;
  /** Names its activations, as the address of a return does those of a function. */
  readonly key: number;
  future: ObservedFuture | undefined;
  /** Whether control has left the code of the poll that is under way, and may come back. */
  isPaused: boolean;
  /** Whether the poll that is under way has used a waker. */
  hasUsedWaker: boolean;
}

/**
 * Watches executors that it knows nothing of: whoever calls `Future::poll`, and whoever uses a `Waker`. A future that
 * is polled inside no other is a task.
 *
 * - A poll out of line begins at the function's entry and ends where that call returns to. One that was inlined
 *   begins and ends where control enters and leaves its code (`inlinedActivation`).
 * - A wake is the use of a waker, whether or not the task is ready already: only the executor knows what it makes of
 *   it. Whose waker it is the pointer tells that the task's polls are given.
 * - A task ends with the poll that returns Ready. Nothing tells of its spawn.
 */
export class HandWrittenObserver {
  /** By task index. */
  private readonly futureByTask: ObservedFuture[] = [];
  private readonly polls = new ActivePolls();
  private readonly removables: Removable[] = [];
  private readonly returnAddresses = new Set<number>();
  private readonly suspensionIndices = new Map<Suspension, SuspensionIndex>();
  private readonly names = new Set<string>();
  private readonly wakeCalls = new Set<number>();
  private readonly wakeFunctions = new Set<number>();
  private exceptionDepth = 0;

  constructor(
    private readonly target: Target,
    { polls, wakes, wakeFunctions }: PollAndWakeSites,
    private readonly context: HandWrittenContext,
  ) {
    context.events.addPollSource(() => this.polls.innermost?.task);
    for (const site of polls) {
      if (site.kind === "inlined") this.watchInlined(site);
      else this.watchFunction(site);
    }
    // Behind the polls: the first instruction of one may be a wake.
    for (const site of wakes) {
      if (site.kind === "call") this.wakeCalls.add(site.address);
      this.addTracepoint(site.address, (hit) => this.wake(site, hit));
    }
    for (const at of wakeFunctions) this.watchWakeFunction(at);
    this.removables.push(
      target.observe({
        onExceptionEntry: () => (this.exceptionDepth += 1),
        onExceptionReturn: () => (this.exceptionDepth = Math.max(0, this.exceptionDepth - 1)),
        onReset: () => this.reset(),
      }),
    );
  }

  /** The futures that were polled so far. */
  get futures(): readonly ObservedFuture[] {
    return this.futureByTask;
  }

  /** Takes all tracepoints away. */
  dispose(): void {
    for (const removable of this.removables.splice(0)) removable.remove();
  }

  private reset(): void {
    this.polls.clear();
    this.exceptionDepth = 0;
    for (const future of this.futureByTask) {
      future.hasEnded = false;
      future.waker.isKnown = false;
    }
  }

  private addTracepoint(at: number, onHit: (hit: TracepointHit) => boolean): void {
    const where = { kind: "code", address: address(at) } as const;
    this.removables.push(this.target.addTracepoint({ where, collect: REGISTERS, onHit }));
  }

  private watchFunction(site: Extract<PollSite, { kind: "function" }>): void {
    const { program } = this.context;
    const isFunction = (at: number) => program.functions.at(address(at))?.address === at;
    const poll = new PollFunction(site.poll, findWakerLayout(program), isFunction);
    this.addTracepoint(site.address, (hit) => this.beginFunction(poll, hit));
  }

  private watchInlined(site: Extract<PollSite, { kind: "inlined" }>): void {
    const { entries, exits, resumptions } = site.activation;
    const poll: InlinedPoll = {
      site,
      key: entries[0]!,
      future: undefined,
      isPaused: false,
      hasUsedWaker: false,
    };
    // Ends before beginnings: one poll may begin where another has ended.
    for (const exit of exits) this.addTracepoint(exit.address, (hit) => this.leaveInlined(poll, exit, hit));
    for (const at of entries) this.addTracepoint(at, (hit) => this.beginInlined(poll, at, hit));
    for (const at of site.wakerUses) this.addTracepoint(at, () => this.noteWakerUse(poll));
    for (const at of resumptions) this.addTracepoint(at, () => (poll.isPaused = false));
  }

  /** The compiler merges equal calls, and then forgets that they came from a waker's method. */
  private watchWakeFunction(at: number): void {
    if (this.wakeFunctions.has(at)) return;
    this.wakeFunctions.add(at);
    const site = { kind: "function", address: at } as const;
    this.addTracepoint(at, (hit) => !this.isWakeSeen(hit) && this.wake(site, hit));
  }

  /** Whether the call that has led to a wake function was noted, or is that of another wake function. */
  private isWakeSeen(hit: TracepointHit): boolean {
    const returnAddress = (hit.register(Register.lr) & ~1) >>> 0;
    // BL has four bytes, BLX two.
    if (this.wakeCalls.has(returnAddress - 4) || this.wakeCalls.has(returnAddress - 2)) return true;
    const caller = this.context.program.functions.at(address(returnAddress - 2));
    return caller !== undefined && this.wakeFunctions.has(caller.address);
  }

  private beginFunction(poll: PollFunction, hit: TracepointHit): boolean {
    if (this.isNested(hit.register(Register.sp))) return false;
    poll.enter(hit);
    const future = poll.futureAt(poll.self) ?? this.addFutureOf(poll);
    Object.assign(future.waker, poll.waker);
    future.polledBy = poll;
    future.resultAddress = poll.resultAddress;
    // The Thumb bit of a return address is no part of the address (ARMv6-M ARM A4.1.1).
    const returnAddress = (hit.register(Register.lr) & ~1) >>> 0;
    if (!this.returnAddresses.has(returnAddress)) {
      this.returnAddresses.add(returnAddress);
      this.addTracepoint(returnAddress, (returnHit) => this.returnTo(returnAddress, returnHit));
    }
    return this.begin(future, hit, { returnAddress, stackPointer: hit.register(Register.sp) });
  }

  private returnTo(returnAddress: number, hit: TracepointHit): boolean {
    const ended = this.polls.end(returnAddress, hit.register(Register.sp));
    const future = ended && this.futureByTask[ended.task];
    if (future === undefined) return false;
    return this.finish(future, future.polledBy?.resultOf(future, hit) ?? "unknown", hit);
  }

  private beginInlined(poll: InlinedPoll, at: number, hit: TracepointHit): boolean {
    // A poll that returns to here may not have been told yet.
    const stops = this.returnTo(at, hit);
    if (this.isUnderWay(poll, hit)) {
      if (!poll.isPaused) return stops;
      this.polls.end(poll.key, frameOf(hit));
      this.finish(poll.future!, "unknown", hit);
    }
    if (this.isNested(frameOf(hit))) return stops;
    poll.isPaused = false;
    poll.hasUsedWaker = false;
    poll.future ??= this.addFuture(poll.site.poll, undefined);
    return this.begin(poll.future, hit, { returnAddress: poll.key, stackPointer: frameOf(hit) }) || stops;
  }

  private leaveInlined(poll: InlinedPoll, exit: InlinedExit, hit: TracepointHit): boolean {
    if (!this.isUnderWay(poll, hit)) return false;
    if (exit.kind === "pause") {
      poll.isPaused = true;
      return false;
    }
    this.polls.end(poll.key, frameOf(hit));
    return this.finish(poll.future!, resultOfExit(exit, poll.site.evidence, poll.hasUsedWaker), hit);
  }

  private noteWakerUse(poll: InlinedPoll): boolean {
    poll.hasUsedWaker = true;
    return false;
  }

  private isUnderWay(poll: InlinedPoll, hit: TracepointHit): boolean {
    const innermost = this.polls.innermost;
    return innermost?.returnAddress === poll.key && innermost.stackPointer === frameOf(hit);
  }

  /** Whether a poll that begins now is part of another; polls that can no longer return are forgotten. */
  private isNested(stackPointer: number): boolean {
    this.polls.dropAbandoned({ exceptionDepth: this.exceptionDepth, stackPointer });
    return this.polls.innermost?.exceptionDepth === this.exceptionDepth;
  }

  private addFutureOf(poll: PollFunction): ObservedFuture {
    const future = this.addFuture(poll.poll, poll.self);
    poll.remember(future);
    return future;
  }

  private addFuture(poll: FuturePoll, at: number | undefined): ObservedFuture {
    const { program, events } = this.context;
    const info = taskInfo(poll, at, { program, isTaken: (name) => this.names.has(name) });
    this.names.add(info.name);
    const index = events.trace.addTask(info);
    const future = observedFuture(index, poll, at, program);
    this.futureByTask[index] = future;
    return future;
  }

  private begin(
    future: ObservedFuture,
    hit: TracepointHit,
    activation: { readonly returnAddress: number; readonly stackPointer: number },
  ): boolean {
    future.hasEnded = false;
    this.polls.begin({ task: future.index, ...activation, exceptionDepth: this.exceptionDepth });
    return this.context.events.record(hit, EventKind.PollBegin, future.index, 0);
  }

  private finish(future: ObservedFuture, result: PollResult, hit: TracepointHit): boolean {
    const { events } = this.context;
    const known = result === "unknown" ? resultInState(future, hit) : result;
    let stops = false;
    if (known === "ready") {
      future.hasEnded = true;
      stops = events.record(hit, EventKind.TaskEnd, future.index, 0);
    }
    const suspension = known === "pending" ? this.suspension(future, hit) : UNKNOWN_SUSPENSION;
    return events.record(hit, EventKind.PollEnd, future.index, packPollEnd(known, suspension)) || stops;
  }

  private suspension({ body, address: at }: ObservedFuture, hit: TracepointHit): SuspensionIndex {
    const { decoder, events } = this.context;
    if (body === undefined) return UNKNOWN_SUSPENSION;
    const suspension = at === undefined ? decoder.onlySuspension(body) : decoder.decode(body, at, hit.memory);
    if (suspension === undefined) return UNKNOWN_SUSPENSION;
    let index = this.suspensionIndices.get(suspension);
    if (index === undefined) {
      index = events.trace.addSuspension(suspension);
      this.suspensionIndices.set(suspension, index);
    }
    return index;
  }

  private wake(site: WakeSite, hit: TracepointHit): boolean {
    const polled = this.futureByTask[this.polls.innermost?.task ?? -1];
    const woken = wokenFutures(site, hit, this.futureByTask, polled);
    if (woken.length === 0) {
      const why =
        site.kind === "inlined" ? "whose waker it is was compiled away" : "no poll was given this waker";
      const what = `${why}, so it is not shown`;
      this.context.problems.add(`wake at ${hexAddress(site.address)}`, what);
    }
    let stops = false;
    for (const { index } of woken) {
      const source = packWakeSource(this.source(index, hit));
      if (this.context.events.record(hit, EventKind.Wake, index, source)) stops = true;
    }
    return stops;
  }

  /** Who runs right now: the poll that is under way, the interrupt that has broken into it, or other code. */
  private source(woken: TaskIndex, hit: TracepointHit): WakeSource {
    const poll = this.polls.innermost;
    const exception = exceptionNumber(hit.register(Register.xpsr));
    if (exception !== 0 && (poll === undefined || poll.exceptionDepth < this.exceptionDepth)) {
      return { kind: "irq", exception };
    }
    if (poll === undefined) return { kind: "main" };
    return poll.task === woken ? { kind: "self" } : { kind: "task", task: poll.task };
  }
}

/**
 * The stack pointer by which an inlined poll is known: not that of its frame, since a function that it calls begins
 * there, but above it.
 */
function frameOf(hit: TracepointHit): number {
  return hit.register(Register.sp) + 4;
}

/** What a poll must have returned, as far as its coroutine tells. */
function resultInState({ body, address: at }: ObservedFuture, hit: TracepointHit): PollResult {
  if (body === undefined || at === undefined) return "unknown";
  switch (futureState(body.coroutine, at, hit.memory).kind) {
    case "returned":
      return "ready";
    case "suspended":
      return "pending";
    default:
      return "unknown";
  }
}
