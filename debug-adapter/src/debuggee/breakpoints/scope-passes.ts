import { address } from "../../base/brand";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { Program } from "../../symbols/program";
import { Register } from "../../target/architecture";
import type { CollectItem, Removable, Target, TracepointHit } from "../../target/target";
import type { CodeRow, CodeScope } from "../stepping/code-rows";
import { exceptionAt, frameAt } from "../stepping/hit-frame";
import type { ProgramCode } from "../stepping/program-code";
import { LinePasses } from "./line-passes";
import { asBefore, awaitedBefore, type FutureBefore, type LocatedFuture, stateIn } from "./polled-futures";

const REGISTERS: readonly CollectItem[] = [{ kind: "registers" }];

/**
 * Whether a line has to be followed at a site: it lies in several pieces there, or every poll comes back to it. Where
 * a line is one piece, each arrival is a pass.
 */
export function needsPasses(
  { scope, line }: { readonly scope: CodeScope; readonly line: number },
  sites: readonly { readonly scope: CodeScope | undefined }[],
  code: ProgramCode,
): boolean {
  if (sites.filter((other) => other.scope === scope).length > 1) return true;
  const body = code.bodies.bodyOf(scope);
  if (body === undefined) return false;
  const isHead = body.declaration?.line === line || isEntryOf(scope, line, code);
  return (
    isHead || body.coroutine.states.some((state) => state.kind === "suspended" && state.place?.line === line)
  );
}

/** Before the prologue has ended, the variables of the function cannot be read. */
function isPrologue({ address: at, scope }: CodeRow, rows: readonly CodeRow[]): boolean {
  const end = scope.parent === undefined ? rows.find((row) => row.isPrologueEnd)?.address : undefined;
  return end !== undefined && scope.owner.address <= at && at < end;
}

function isEntryOf(scope: CodeScope, line: number, code: ProgramCode): boolean {
  return code.rows
    .of(scope.owner)
    .some((row) => row.scope === scope && row.isPrologueEnd && row.line === line);
}

/** What following a function needs. */
export interface PassSource {
  readonly target: Target;
  readonly code: ProgramCode;
  readonly program: Program;
  /** The future of the task whose poll has begun at a hit, if it is known. */
  readonly futureBefore: (hit: TracepointHit) => FutureBefore | undefined;
}

/** A call of the function that has not returned yet. */
interface Activation {
  /** The stack pointer when it was called; Infinity if that was before anybody watched. */
  readonly stackPointer: number;
  /** The future of the task as it was then; undefined if that is not known. */
  readonly before: FutureBefore | undefined;
  /** Undefined until the scope was come to. */
  pass: ScopePass | undefined;
}

/** One way through the scope: of an async body one poll, of which a call of what it is inlined into may have several. */
interface ScopePass {
  /** Undefined until it is known whether the future goes on, and where. */
  lines: LinePasses | undefined;
  /** Of a body: the line at which the future was suspended. */
  resumedAt: number | undefined;
  /** Of a body: how many polls of futures of the same async function the poll of the task has made before. */
  readonly pollsBefore: number;
  /** Of a body: which future it polls, once that was seen. */
  future: number | undefined;
  readonly visitedHeads: Set<number>;
}

/** What it means that the program has come to a piece of a line. */
export interface Arrival {
  readonly isNewPass: boolean;
  /** The function has been called and has executed nothing before; if it is an async body, it is polled first. */
  readonly isBeginning: boolean;
}

const NOTHING: Arrival = { isNewPass: false, isBeginning: false };

/** Where a poll goes on: at the line of an `.await`, or, if the future is polled first, nowhere. */
type Resumption =
  { readonly kind: "known"; readonly line: number | undefined } | { readonly kind: "unknown" };

const POLLED_FIRST: Extract<Resumption, { kind: "known" }> = { kind: "known", line: undefined };

/**
 * Follows a function, or a copy of one that is inlined somewhere, line by line, to tell where a line begins anew.
 * The code of one line lies in several pieces, and what is polled comes back to its `.await` in every poll: neither is
 * a new pass.
 */
export class ScopePasses {
  private readonly activations = new Map<number, Activation[]>();
  private readonly watched: Removable[] = [];
  private readonly body: AsyncFunction | undefined;
  /** Lines at which every poll of an async body begins, wherever it goes on. */
  private readonly headLines = new Set<number>();
  /** What every poll executes before it goes on, with pieces of other lines that the optimiser has put there. */
  private readonly head = new Set<number>();
  private readonly columns: ReadonlyMap<number, number>;
  /** The last decision: breakpoints of one place ask one after the other. */
  private last: { readonly time: number; readonly address: number; readonly arrival: Arrival } | undefined;

  constructor(
    private readonly scope: CodeScope,
    private readonly source: PassSource,
  ) {
    const { code, target } = source;
    this.body = code.bodies.bodyOf(scope);
    const own = code.rows.of(scope.owner).filter((row) => row.scope === scope);
    const rows = own.filter((row) => row.line !== 0);
    this.columns = new Map(rows.map((row) => [row.address, row.column]));
    if (this.body !== undefined) this.noteHead(rows, this.body);
    const watch = (at: number, onHit: (hit: TracepointHit) => void) => {
      const where = { kind: "code", address: address(at) } as const;
      this.watched.push(
        target.addTracepoint({ where, collect: REGISTERS, onHit: (hit) => (onHit(hit), false) }),
      );
    };
    watch(scope.owner.address, (hit) => this.enter(hit));
    const statements = new Map(
      rows.filter((row) => row.isStatement && !isPrologue(row, rows)).map((row) => [row.address, row.line]),
    );
    for (const [at, line] of statements) watch(at, (hit) => void this.arrivalAt(hit, line));
    // What is polled is not kept everywhere: each piece of code may tell.
    if (this.body === undefined || scope.parent === undefined) return;
    for (const { address: at } of own)
      if (!statements.has(at)) watch(at, (hit) => void this.passAt(hit, at, this.activationAt(hit)));
  }

  /** What it means that the program has come to a piece of a line. */
  arrivalAt(hit: TracepointHit, line: number): Arrival {
    const address = hit.register(Register.pc);
    const { last } = this;
    if (last?.time === hit.time && last.address === address) return last.arrival;
    const arrival = this.arrive(hit, address, line);
    this.last = { time: hit.time, address, arrival };
    return arrival;
  }

  dispose(): void {
    for (const each of this.watched.splice(0)) each.remove();
  }

  private noteHead(rows: readonly CodeRow[], { declaration }: AsyncFunction): void {
    const { scope } = this;
    if (declaration !== undefined) this.headLines.add(declaration.line);
    if (scope.parent === undefined) {
      for (const row of rows) if (row.isPrologueEnd) this.headLines.add(row.line);
    }
    const flow = this.source.code.flows.of(scope.owner);
    const isFirst = ({ address: at }: CodeRow) =>
      !rows.some((other) => other.address !== at && flow.leadsTo(other.address, at));
    for (const first of rows.filter((row) => this.headLines.has(row.line) && isFirst(row))) {
      this.head.add(first.address);
      const block = flow.block(first.address);
      // What is known to be polled first goes straight on to the first statement.
      if (!this.isHeadLine(block.at(-1)!)) continue;
      for (const { address: at } of rows) if (block.includes(at)) this.head.add(at);
    }
  }

  private isHeadLine(at: number): boolean {
    const line = this.source.program.lines.rowAt(address(at))?.line;
    return line !== undefined && this.headLines.has(line);
  }

  private arrive(hit: TracepointHit, at: number, line: number): Arrival {
    const activation = this.activationAt(hit);
    const pass = this.passAt(hit, at, activation);
    const isHead = this.body !== undefined && (this.head.has(at) || this.headLines.has(line));
    let isBeginning = false;
    if (pass.lines === undefined) {
      const resumption = this.resumption(hit, pass, activation);
      // Another piece of the body may tell more.
      if (resumption.kind === "unknown" && isHead) return NOTHING;
      pass.resumedAt = resumption.kind === "known" ? resumption.line : undefined;
      pass.lines = new LinePasses(this.leadsTo, pass.resumedAt);
      isBeginning = pass.resumedAt === undefined && activation.stackPointer !== Infinity;
    }
    const { resumedAt } = pass;
    const isMixedIn = this.head.has(at) && !this.headLines.has(line);
    if (isMixedIn || (isHead && resumedAt !== undefined && resumedAt !== line)) {
      return { isNewPass: false, isBeginning };
    }
    return {
      isNewPass: pass.lines.isNewPass({ line, column: this.columns.get(at) ?? 0, address: at }),
      isBeginning,
    };
  }

  private readonly leadsTo = (from: number, to: number): boolean =>
    this.source.code.flows.of(this.scope.owner).leadsTo(from, to);

  /** The way through the scope that control is on at a piece of it; it may tell there which future is polled. */
  private passAt(hit: TracepointHit, at: number, activation: Activation): ScopePass {
    const isHead = this.head.has(at);
    const isAgain = this.scope.parent !== undefined && activation.pass?.visitedHeads.has(at) === true;
    if (activation.pass === undefined || isAgain) activation.pass = this.newPass(activation);
    const { pass } = activation;
    if (isHead) pass.visitedHeads.add(at);
    const { code } = this.source;
    if (this.body !== undefined) {
      pass.future ??= code.bodies.futureAt(this.scope, at, frameAt(hit, code.unwinder));
    }
    return pass;
  }

  private newPass({ before }: Activation): ScopePass {
    const { body } = this;
    let pollsBefore = 0;
    if (body !== undefined && before !== undefined) {
      pollsBefore = before.polls.get(body) ?? 0;
      before.polls.set(body, pollsBefore + 1);
    }
    const visitedHeads = new Set<number>();
    return { lines: undefined, resumedAt: undefined, pollsBefore, future: undefined, visitedHeads };
  }

  private resumption(hit: TracepointHit, pass: ScopePass, { stackPointer, before }: Activation): Resumption {
    const { body } = this;
    if (body === undefined || stackPointer === Infinity) return POLLED_FIRST;
    const { program } = this.source;
    const awaited = before === undefined ? [] : awaitedBefore(before, body, { memory: hit.memory, program });
    // Each is polled once; what is polled more often was made since.
    if (awaited.length > 0 && pass.pollsBefore >= awaited.length) return POLLED_FIRST;
    if (pass.future !== undefined) return resumptionOf({ body, address: pass.future }, hit.memory);
    if (before === undefined) return POLLED_FIRST;
    // If all of them are suspended alike, it does not matter which it is.
    const memory = asBefore(before, hit.memory);
    const [first = POLLED_FIRST, ...others] = awaited.map((future) => resumptionOf(future, memory));
    return others.every((other) => other.line === first.line) ? first : { kind: "unknown" };
  }

  private enter(hit: TracepointHit): void {
    const stackPointer = hit.register(Register.sp);
    const stack = this.stackAt(hit);
    // What was called with as much stack, or less, has returned.
    while (stack.length > 0 && stack.at(-1)!.stackPointer <= stackPointer) stack.pop();
    const isInlined = this.body !== undefined && this.scope.parent !== undefined;
    const before = isInlined ? this.source.futureBefore(hit) : undefined;
    stack.push({ stackPointer, before, pass: undefined });
  }

  private activationAt(hit: TracepointHit): Activation {
    const stackPointer = hit.register(Register.sp);
    const stack = this.stackAt(hit);
    while (stack.length > 0 && stack.at(-1)!.stackPointer < stackPointer) stack.pop();
    let activation = stack.at(-1);
    if (activation === undefined) {
      activation = { stackPointer: Infinity, before: undefined, pass: undefined };
      stack.push(activation);
    }
    return activation;
  }

  /** An interrupt may call the same function on a stack of its own. */
  private stackAt(hit: TracepointHit): Activation[] {
    const exception = exceptionAt(hit);
    let stack = this.activations.get(exception);
    if (stack === undefined) this.activations.set(exception, (stack = []));
    return stack;
  }
}

function resumptionOf(
  future: LocatedFuture,
  memory: TracepointHit["memory"],
): Extract<Resumption, { kind: "known" }> {
  const state = stateIn(future, memory);
  return { kind: "known", line: state?.kind === "suspended" ? state.place?.line : undefined };
}
