import type { ProblemList } from "../../base/errors";
import type { ProgramFunction } from "../../symbols/function";
import type { InlinedCall } from "../../symbols/inline-tree";
import type { Program } from "../../symbols/program";
import { unwrapped } from "../../symbols/types/member-access";
import type { Type } from "../../symbols/types/type";
import { FlowGraph } from "./flow-graph";
import { type FuturePoll, FuturePolls } from "./future-polls";
import { type InlinedActivation, inlinedActivation, waysInto } from "./inlined-activation";
import { type LoopEvidence, loopEvidence } from "./loop-evidence";
import type { CodeView } from "./thumb-flow";
import { ownCalls, isWakerMethod, type WakeSite } from "./wake-site";
import { WakerUses } from "./waker-uses";
import { findWakerLayout, WAKER_TABLE, wakeFunctionsOf } from "./waker-layout";

/** Where futures are polled. */
export type PollSite =
  | { readonly kind: "function"; readonly poll: FuturePoll; readonly address: number }
  | {
      readonly kind: "inlined";
      readonly poll: FuturePoll;
      readonly activation: InlinedActivation;
      /** What the loop around it tells of its results. */
      readonly evidence: LoopEvidence;
      /** The instructions at which it begins to use a waker. */
      readonly wakerUses: readonly number[];
    };

/** All code of a program that polls, or uses wakers. */
export interface PollAndWakeSites {
  readonly polls: readonly PollSite[];
  readonly wakes: readonly WakeSite[];
  /** Entries of functions that wake: those of tables that are statics, and those that are called directly. */
  readonly wakeFunctions: ReadonlySet<number>;
}

/** Finds in the debug info where a program polls futures and uses wakers, out of line and inlined. */
export function findSites(program: Program, code: CodeView, problems: ProblemList): PollAndWakeSites {
  const finder = new SiteFinder(program, code, problems);
  for (const each of program.functions.all) finder.lookAt(each);
  finder.lookAtTables();
  return finder;
}

class SiteFinder implements PollAndWakeSites {
  readonly polls: PollSite[] = [];
  readonly wakes: WakeSite[] = [];
  readonly wakeFunctions = new Set<number>();
  private readonly futurePolls: FuturePolls;
  private readonly wakerRows = new Map<number, boolean>();
  private readonly wakerUses: WakerUses;
  private readonly graphs = new Map<ProgramFunction, FlowGraph>();

  constructor(
    private readonly program: Program,
    private readonly code: CodeView,
    private readonly problems: ProblemList,
  ) {
    this.futurePolls = new FuturePolls(program);
    this.wakerUses = new WakerUses(program);
  }

  lookAt(owner: ProgramFunction): void {
    const poll = this.futurePolls.ofRow(owner.row);
    if (poll !== undefined) this.polls.push({ kind: "function", poll, address: owner.address });
    if (this.isWakerMethod(owner.row)) {
      const isOwn = (at: number) => this.program.inlineTreeOf(owner).at(at).length === 0;
      this.wakes.push(...this.wakeCalls(owner, isOwn));
    }
    const { calls } = this.program.inlineTreeOf(owner);
    for (const call of calls) {
      if (this.isWakerMethod(call.functionRow)) this.addInlinedWake(owner, call);
      const inlined = poll === undefined ? this.futurePolls.ofRow(call.functionRow) : undefined;
      // The poll of a future inside another is part of the outer one.
      if (inlined !== undefined && !this.isInsidePoll(call, calls)) this.addInlinedPoll(owner, call, inlined);
    }
  }

  lookAtTables(): void {
    const { program, code } = this;
    const layout = findWakerLayout(program);
    if (layout === undefined) return;
    const tables = program.statics.matching(({ type }) => type.name === WAKER_TABLE);
    for (const { address } of tables) {
      for (const each of wakeFunctionsOf(address, layout, code)) this.wakeFunctions.add(each);
    }
  }

  private isInsidePoll({ parent }: InlinedCall, calls: readonly InlinedCall[]): boolean {
    for (let at = calls[parent]; at !== undefined; at = calls[at.parent]) {
      if (this.futurePolls.ofRow(at.functionRow) !== undefined) return true;
    }
    return false;
  }

  private addInlinedPoll(owner: ProgramFunction, call: InlinedCall, poll: FuturePoll): void {
    const activation = this.activationOf(owner, call);
    if (activation.entries.length > 0) {
      const graph = this.graphOf(owner);
      const { calls } = this.program.inlineTreeOf(owner);
      const uses = this.wakerUses.within({ calls, call, graph });
      const usesWaker = (at: number) => uses.has(at);
      const evidence = loopEvidence(activation, graph, {
        isSameCoroutine: this.isSameCoroutine({ owner, call, activation, poll }),
        usesWaker,
      });
      this.polls.push({ kind: "inlined", poll, activation, evidence, wakerUses: waysInto(graph, usesWaker) });
    } else if (call.ranges.length > 0) {
      this.problems.add(owner.name, `the beginning of ${poll.function.name}, inlined there, was not found`);
    }
  }

  /** Whether the function with the loop around a poll was given a coroutine, and what is polled is of its type. */
  private isSameCoroutine({ owner, call, activation, poll: { future } }: LoopedPoll): boolean {
    if (future === undefined || activation.loopScope === undefined) return false;
    if (this.program.asyncFunctions.ofType(future) === undefined) return false;
    const { calls } = this.program.inlineTreeOf(owner);
    let scope = calls[call.parent];
    for (let i = 0; i < activation.loopScope; i++) scope = scope && calls[scope.parent];
    const looping = scope === undefined ? owner : this.program.functions.ofRow(scope.functionRow);
    // Each unit of a dev build describes its own copy of a type.
    return looping.parameterTypes.filter((type) => pointee(type).name === future.name).length === 1;
  }

  private addInlinedWake(owner: ProgramFunction, call: InlinedCall): void {
    const tree = this.program.inlineTreeOf(owner);
    const calls = this.wakeCalls(owner, (at) => tree.at(at).at(-1) === call);
    if (calls.length > 0) this.wakes.push(...calls);
    // The waker's function is inlined as well: what it was given cannot be told.
    else
      for (const address of this.activationOf(owner, call).entries)
        this.wakes.push({ kind: "inlined", address });
  }

  private wakeCalls(owner: ProgramFunction, isOwn: (at: number) => boolean): WakeSite[] {
    const calls = ownCalls(this.graphOf(owner), this.code, isOwn).filter(
      // Panics and the like.
      ({ callee }) => callee === undefined || !this.isOfLibrary(callee),
    );
    for (const { callee } of calls) if (callee !== undefined) this.wakeFunctions.add(callee);
    return calls;
  }

  private activationOf(owner: ProgramFunction, call: InlinedCall): InlinedActivation {
    const { calls } = this.program.inlineTreeOf(owner);
    const scopes: InlinedCall["ranges"][] = [];
    for (let at = calls[call.parent]; at !== undefined; at = calls[at.parent]) scopes.push(at.ranges);
    return inlinedActivation(this.graphOf(owner), call.ranges, scopes);
  }

  private graphOf(owner: ProgramFunction): FlowGraph {
    let graph = this.graphs.get(owner);
    if (graph === undefined) {
      const returns = (callee: number) => !(this.program.functions.at(callee as never)?.isNoReturn ?? false);
      graph = new FlowGraph(owner, this.code, returns);
      this.graphs.set(owner, graph);
    }
    return graph;
  }

  private isWakerMethod(row: number): boolean {
    let isOne = this.wakerRows.get(row);
    if (isOne === undefined) {
      isOne = isWakerMethod(this.program.functions.ofRow(row));
      this.wakerRows.set(row, isOne);
    }
    return isOne;
  }

  private isOfLibrary(callee: number): boolean {
    return /^(?:core|alloc)::/.test(this.program.functions.at(callee as never)?.path ?? "");
  }
}

interface LoopedPoll {
  readonly owner: ProgramFunction;
  readonly call: InlinedCall;
  readonly activation: InlinedActivation;
  readonly poll: FuturePoll;
}

/** The future that a parameter is, or refers to, pinned or not. */
function pointee(type: Type): Type {
  const bare =
    type.kind === "struct" && type.name.startsWith("core::pin::Pin<") ? unwrapped(type).type : type;
  return bare.kind === "pointer" ? bare.target : bare;
}
