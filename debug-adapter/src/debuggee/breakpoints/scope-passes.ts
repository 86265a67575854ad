import { address } from "../../base/brand";
import type { AsyncFunction, AsyncFunctions } from "../../symbols/async-functions";
import { Register } from "../../target/architecture";
import type { CollectItem, Removable, Target, TracepointHit } from "../../target/target";
import type { CodeRow, CodeScope } from "../stepping/code-rows";
import { exceptionAt, frameAt } from "../stepping/hit-frame";
import type { ProgramCode } from "../stepping/program-code";
import { futureInChain, type LocatedFuture, stateIn } from "./awaited-future";

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
  readonly asyncFunctions: AsyncFunctions;
  /** The future of the task that is being polled, if it is known. */
  readonly polledFuture: () => LocatedFuture | undefined;
}

/** A call of a function that has not returned yet, and which line of the scope it has come to. */
interface Activation {
  /** The stack pointer when it was called; Infinity if that was before anybody watched. */
  readonly stackPointer: number;
  /** Undefined until a line of the scope has been executed. */
  line: number | undefined;
  /** Where the program has been since it came to that line. */
  visited: Set<number>;
}

/** What it means that the program has come to a piece of a line. */
export interface Arrival {
  readonly isNewPass: boolean;
  /** The function has been called and has executed nothing before; if it is an async body, it is polled first. */
  readonly isBeginning: boolean;
}

/**
 * Follows a function, or a copy of one that is inlined somewhere, line by line, to tell where a line begins anew.
 * The code of one line lies in several pieces, and what is polled comes back to its `.await` in every poll: neither is
 * a new pass. The line is passed anew when the program comes to it from another line, or to a piece of it where it has
 * been before.
 */
export class ScopePasses {
  private readonly activations = new Map<number, Activation[]>();
  private readonly watched: Removable[] = [];
  private readonly body: AsyncFunction | undefined;
  /** Lines at which every poll of an async body begins, wherever it goes on. */
  private readonly headLines = new Set<number>();
  /** The last decision: breakpoints of one place ask one after the other. */
  private last: { readonly time: number; readonly address: number; readonly arrival: Arrival } | undefined;

  constructor(
    private readonly scope: CodeScope,
    private readonly source: PassSource,
  ) {
    const { code, target } = source;
    this.body = code.bodies.bodyOf(scope);
    const rows = code.rows.of(scope.owner).filter((row) => row.scope === scope && row.line !== 0);
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
    if (declaration !== undefined) this.headLines.add(declaration.line);
    if (this.scope.parent !== undefined) return;
    for (const row of rows) if (row.isPrologueEnd) this.headLines.add(row.line);
  }

  private arrive(hit: TracepointHit, at: number, line: number): Arrival {
    const activation = this.activationAt(hit);
    let isBeginning = activation.line === undefined && activation.stackPointer !== Infinity;
    if (isBeginning && this.body !== undefined) {
      const resumed = this.resumedLine(hit, at, this.body);
      isBeginning = resumed === undefined;
      if (!isBeginning && this.headLines.has(line)) return { isNewPass: false, isBeginning };
      activation.line = resumed;
    }
    const isNewPass = activation.line !== line || activation.visited.has(at);
    if (isNewPass) activation.visited = new Set();
    activation.visited.add(at);
    activation.line = line;
    return { isNewPass, isBeginning };
  }

  /** The line at which the future that is being polled was suspended; undefined if it was not, or cannot be told. */
  private resumedLine(hit: TracepointHit, at: number, body: AsyncFunction): number | undefined {
    const future = this.futureAt(hit, at, body);
    const state = future && stateIn(future, hit.memory);
    return state?.kind === "suspended" ? state.place?.line : undefined;
  }

  /** An optimised build may not have kept where the future is, but it is one that the task awaits. */
  private futureAt(hit: TracepointHit, at: number, body: AsyncFunction): LocatedFuture | undefined {
    const { code, asyncFunctions, polledFuture } = this.source;
    const address = code.bodies.futureAt(this.scope, at, frameAt(hit, code.unwinder));
    if (address !== undefined) return { body, address };
    const root = polledFuture();
    return root && futureInChain(root, body, { memory: hit.memory, asyncFunctions });
  }

  private enter(hit: TracepointHit): void {
    const stackPointer = hit.register(Register.sp);
    const stack = this.stackAt(hit);
    // What was called with as much stack, or less, has returned.
    while (stack.length > 0 && stack.at(-1)!.stackPointer <= stackPointer) stack.pop();
    stack.push({ stackPointer, line: undefined, visited: new Set() });
  }

  private activationAt(hit: TracepointHit): Activation {
    const stackPointer = hit.register(Register.sp);
    const stack = this.stackAt(hit);
    while (stack.length > 0 && stack.at(-1)!.stackPointer < stackPointer) stack.pop();
    let activation = stack.at(-1);
    if (activation === undefined) {
      activation = { stackPointer: Infinity, line: undefined, visited: new Set() };
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
