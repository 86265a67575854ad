import { type Address, address } from "../../base/brand";
import { Listeners } from "../../base/listeners";
import type { AsyncFunction } from "../../symbols/async-functions";
import { Register } from "../../target/architecture";
import type { CollectItem, Removable, Target, TracepointHit } from "../../target/target";
import { type CodeRow, type CodeScope, isWithin } from "./code-rows";
import { exceptionAt, frameAt } from "./hit-frame";
import type { ProgramCode } from "./program-code";
import type { StepFrame } from "./step-stack";

const REGISTERS: readonly CollectItem[] = [{ kind: "registers" }];

/** A call of the function that has not returned yet. */
export interface Activation {
  /** The stack pointer when it was called; Infinity if that is not known. */
  readonly stackPointer: number;
  /** Undefined until the scope was come to. */
  run: ScopeRun | undefined;
}

/** One way through the scope: of an async body one poll, of which a call of what it is inlined into may have several. */
export interface ScopeRun {
  readonly activation: Activation;
  /** Of a body: which future it polls, once that was seen. */
  future: Address | undefined;
  /** The piece of the scope's code that control has come to last. */
  last: number;
  /** Heads that control cannot come to any more in this run. */
  readonly passedHeads: Set<number>;
}

/**
 * Follows a function, or a copy of one that is inlined somewhere, through its calls; of an async body it tells polls
 * apart, and which future each of them polls. In an optimised build that is not kept everywhere: what was seen at one
 * piece of the body counts for all that follow in the same poll.
 */
export class ScopeRuns {
  /** Told of each call, as it begins. */
  readonly onDidEnter = new Listeners<{ readonly activation: Activation; readonly hit: TracepointHit }>();
  /** Told of each run, as control comes to the scope. */
  readonly onDidBegin = new Listeners<ScopeRun>();
  readonly body: AsyncFunction | undefined;
  /** The rows of the scope that have a line. */
  readonly rows: readonly CodeRow[];
  /** Lines at which every poll of an async body begins, wherever it goes on. */
  readonly headLines = new Set<number>();
  /** What every poll executes before it goes on, with pieces of other lines that the optimiser has put there. */
  readonly head = new Set<number>();
  private readonly pieces: ReadonlySet<Address>;
  private readonly reached = new Map<number, ReadonlySet<number> | undefined>();
  private readonly activations = new Map<number, Activation[]>();
  private watched: readonly Removable[] = [];
  /** The last hit: those who follow one place ask one after the other. */
  private last: { readonly time: number; readonly at: number; readonly run: ScopeRun } | undefined;

  constructor(
    readonly scope: CodeScope,
    private readonly code: ProgramCode,
    private readonly target: Target,
  ) {
    this.body = code.bodies.bodyOf(scope);
    const own = code.rows.of(scope.owner).filter((row) => row.scope === scope);
    this.rows = own.filter((row) => row.line !== 0);
    if (this.body !== undefined) this.noteHead(this.body);
    // What is polled is not kept everywhere: each piece of code may tell.
    const isCopyOfBody = this.body !== undefined && scope.parent !== undefined;
    const pieces = isCopyOfBody ? own : this.statements;
    this.pieces = new Set(pieces.map((row) => row.address));
  }

  /** Beginnings of statements behind the prologue. */
  get statements(): readonly CodeRow[] {
    return this.rows.filter((row) => row.isStatement && !isPrologue(row, this.rows));
  }

  /** Begins to watch. What was seen before counts only if nothing was executed since. */
  watch(how: { readonly goesOn: boolean }): void {
    if (!how.goesOn) {
      this.activations.clear();
      this.last = undefined;
    }
    const at = (where: Address, onHit: (hit: TracepointHit) => void) =>
      this.target.addTracepoint({
        where: { kind: "code", address: where },
        collect: REGISTERS,
        onHit: (hit) => (onHit(hit), false),
      });
    this.watched = [
      at(this.scope.owner.address, (hit) => this.enter(hit)),
      ...Array.from(this.pieces, (piece) => at(piece, (hit) => void this.runAt(hit))),
    ];
  }

  unwatch(): void {
    for (const each of this.watched) each.remove();
    this.watched = [];
  }

  /** The run that control is in at a piece of the scope. */
  runAt(hit: TracepointHit): ScopeRun {
    const at = hit.register(Register.pc);
    const { last } = this;
    if (last?.time === hit.time && last.at === at) return last.run;
    const activation = this.activationAt(hit);
    const { bodies, unwinder } = this.code;
    const future = this.body && bodies.futureAt(this.scope, at, frameAt(hit, unwinder));
    let { run } = activation;
    if (run === undefined || this.isOther(run, at, future)) {
      run = this.begin(activation, at);
      this.onDidBegin.tell(run);
    } else if (this.head.has(at)) run.passedHeads.add(at);
    run.last = at;
    run.future = future ?? run.future;
    this.last = { time: hit.time, at, run };
    return run;
  }

  /** The future that is polled in a frame of the backtrace, as far as that was seen. */
  futureIn({ callFrameAddress, exception }: StepFrame): Address | undefined {
    const stack = this.activations.get(exception) ?? [];
    return stack.findLast(({ stackPointer }) => stackPointer === callFrameAddress)?.run?.future;
  }

  /** Takes over what a backtrace tells, of a call that may have begun before it was watched. */
  resume({ callFrameAddress, exception, pc, future }: StepFrame): void {
    if (callFrameAddress === undefined || future?.address === undefined) return;
    const stack = this.stackOf(exception);
    let activation = stack.find(({ stackPointer }) => stackPointer === callFrameAddress);
    if (activation === undefined) {
      activation = { stackPointer: callFrameAddress, run: undefined };
      stack.push(activation);
      stack.sort((a, b) => b.stackPointer - a.stackPointer);
    }
    const run = activation.run ?? this.begin(activation, pc);
    run.future ??= future.address;
    this.last ??= { time: this.target.now, at: pc, run };
  }

  private begin(activation: Activation, at: number): ScopeRun {
    const isPassed = (head: number) => head === at || !this.leadsTo(at, head);
    const run: ScopeRun = {
      activation,
      future: undefined,
      last: at,
      passedHeads: new Set([...this.head].filter(isPassed)),
    };
    activation.run = run;
    return run;
  }

  private readonly leadsTo = (from: number, to: number): boolean =>
    this.code.flows.of(this.scope.owner).leadsTo(from, to);

  /** Whether an inlined body is begun again: by its head, by a loop around it, or seen to poll something else. */
  private isOther(run: ScopeRun, at: number, future: Address | undefined): boolean {
    if (this.body === undefined || this.scope.parent === undefined) return false;
    if (run.passedHeads.has(at)) return true;
    if (future !== undefined && run.future !== undefined && future !== run.future) return true;
    return this.behind(run.last)?.has(at) === false;
  }

  /** What control may come to from a piece of the scope by no other loops than those of the scope. */
  private behind(from: number): ReadonlySet<number> | undefined {
    if (this.reached.has(from)) return this.reached.get(from);
    const isOwn = (loop: number) => isWithin(this.code.rows.scopeAt(address(loop)), this.scope);
    const found = this.code.flows.of(this.scope.owner).behind(from, isOwn);
    this.reached.set(from, found);
    return found;
  }

  private noteHead({ declaration }: AsyncFunction): void {
    const { scope, rows, headLines, head } = this;
    if (declaration !== undefined) headLines.add(declaration.line);
    if (scope.parent === undefined) {
      for (const row of rows) if (row.isPrologueEnd) headLines.add(row.line);
    }
    const isFirst = ({ address: at }: CodeRow) =>
      !rows.some((other) => other.address !== at && this.leadsTo(other.address, at));
    const flow = this.code.flows.of(scope.owner);
    for (const first of rows.filter((row) => headLines.has(row.line) && isFirst(row))) {
      head.add(first.address);
      const block = flow.block(first.address);
      // What is known to be polled first goes straight on to the first statement.
      const line = this.code.rows.rowAt(address(block.at(-1)!))?.line;
      if (line === undefined || !headLines.has(line)) continue;
      for (const { address: at } of rows) if (block.includes(at)) head.add(at);
    }
  }

  private enter(hit: TracepointHit): void {
    const stackPointer = hit.register(Register.sp);
    const stack = this.stackOf(exceptionAt(hit));
    // What was called with as much stack, or less, has returned.
    while (stack.length > 0 && stack.at(-1)!.stackPointer <= stackPointer) stack.pop();
    const activation: Activation = { stackPointer, run: undefined };
    stack.push(activation);
    this.onDidEnter.tell({ activation, hit });
  }

  private activationAt(hit: TracepointHit): Activation {
    const stackPointer = hit.register(Register.sp);
    const stack = this.stackOf(exceptionAt(hit));
    while (stack.length > 0 && stack.at(-1)!.stackPointer < stackPointer) stack.pop();
    let activation = stack.at(-1);
    if (activation === undefined) {
      const called = frameAt(hit, this.code.unwinder).cfa ?? Infinity;
      activation = { stackPointer: called, run: undefined };
      stack.push(activation);
    }
    return activation;
  }

  /** An interrupt may call the same function on a stack of its own. */
  private stackOf(exception: number): Activation[] {
    let stack = this.activations.get(exception);
    if (stack === undefined) this.activations.set(exception, (stack = []));
    return stack;
  }
}

/** Before the prologue has ended, the variables of the function cannot be read. */
function isPrologue({ address: at, scope }: CodeRow, rows: readonly CodeRow[]): boolean {
  const end = scope.parent === undefined ? rows.find((row) => row.isPrologueEnd)?.address : undefined;
  return end !== undefined && scope.owner.address <= at && at < end;
}
