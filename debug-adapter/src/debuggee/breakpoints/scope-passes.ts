import type { Program } from "../../symbols/program";
import { Register } from "../../target/architecture";
import type { CollectItem, Removable, Target, TracepointHit } from "../../target/target";
import type { CodeScope } from "../stepping/code-rows";
import type { FollowedScopes } from "../stepping/followed-scopes";
import type { ProgramCode } from "../stepping/program-code";
import type { Activation, ScopeRun } from "../stepping/scope-runs";
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

function isEntryOf(scope: CodeScope, line: number, code: ProgramCode): boolean {
  return code.rows
    .of(scope.owner)
    .some((row) => row.scope === scope && row.isPrologueEnd && row.line === line);
}

/** What following the lines of a function needs. */
export interface PassSource {
  readonly target: Target;
  readonly code: ProgramCode;
  readonly program: Program;
  readonly followed: FollowedScopes;
  /** The future of the task whose poll has begun at a hit, if it is known. */
  readonly futureBefore: (hit: TracepointHit) => FutureBefore | undefined;
}

/** What is known of the lines in one way through the scope. */
interface RunLines {
  /** Undefined until it is known whether the future goes on, and where. */
  passes: LinePasses | undefined;
  /** Of a body: the line at which the future was suspended. */
  resumedAt: number | undefined;
  /** Of a body: how many polls of futures of the same async function the poll of the task has made before. */
  readonly pollsBefore: number;
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
 * Tells where a line of a function, or of a copy of one that is inlined somewhere, begins anew. The code of one line lies
 * in several pieces, and what is polled comes back to its `.await` in every poll: neither is a new pass.
 */
export class ScopePasses {
  private readonly followed: ReturnType<FollowedScopes["follow"]>;
  private readonly watched: Removable[] = [];
  private readonly lines = new WeakMap<ScopeRun, RunLines>();
  /** The calls that were seen to begin, of an inlined body each with the future of the task as it was then, if known. */
  private readonly calls = new WeakMap<Activation, { readonly before: FutureBefore | undefined }>();
  private readonly columns: ReadonlyMap<number, number>;
  /** The last decision: breakpoints of one place ask one after the other. */
  private last: { readonly time: number; readonly address: number; readonly arrival: Arrival } | undefined;

  constructor(
    scope: CodeScope,
    private readonly source: PassSource,
  ) {
    this.followed = source.followed.follow(scope);
    const { runs } = this.followed;
    this.columns = new Map(runs.rows.map((row) => [row.address, row.column]));
    const isCopyOfBody = runs.body !== undefined && scope.parent !== undefined;
    const onEnter: Parameters<typeof runs.onDidEnter.add>[0] = ({ activation, hit }) => {
      this.calls.set(activation, { before: isCopyOfBody ? source.futureBefore(hit) : undefined });
    };
    this.watched.push(runs.onDidEnter.add(onEnter));
    this.watched.push(runs.onDidBegin.add((run) => this.lines.set(run, this.newLines(run))));
    for (const [at, line] of new Map(runs.statements.map((row) => [row.address, row.line]))) {
      const where = { kind: "code", address: at } as const;
      const onHit = (hit: TracepointHit) => (this.arrivalAt(hit, line), false);
      this.watched.push(source.target.addTracepoint({ where, collect: REGISTERS, onHit }));
    }
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
    this.followed.remove();
  }

  private arrive(hit: TracepointHit, at: number, line: number): Arrival {
    const { runs } = this.followed;
    const run = runs.runAt(hit);
    const lines = this.linesOf(run);
    const isHead = runs.body !== undefined && (runs.head.has(at) || runs.headLines.has(line));
    let isBeginning = false;
    if (lines.passes === undefined) {
      const resumption = this.resumption(hit, run, lines);
      // Another piece of the body may tell more.
      if (resumption.kind === "unknown" && isHead) return NOTHING;
      lines.resumedAt = resumption.kind === "known" ? resumption.line : undefined;
      lines.passes = new LinePasses(this.leadsTo, lines.resumedAt);
      isBeginning = lines.resumedAt === undefined && this.calls.has(run.activation);
    }
    const { resumedAt } = lines;
    const isMixedIn = runs.head.has(at) && !runs.headLines.has(line);
    if (isMixedIn || (isHead && resumedAt !== undefined && resumedAt !== line)) {
      return { isNewPass: false, isBeginning };
    }
    return {
      isNewPass: lines.passes.isNewPass({ line, column: this.columns.get(at) ?? 0, address: at }),
      isBeginning,
    };
  }

  private readonly leadsTo = (from: number, to: number): boolean =>
    this.source.code.flows.of(this.followed.runs.scope.owner).leadsTo(from, to);

  /** Of a run that had begun before a breakpoint was set nothing is known. */
  private linesOf(run: ScopeRun): RunLines {
    let lines = this.lines.get(run);
    if (lines === undefined) this.lines.set(run, (lines = this.newLines(run)));
    return lines;
  }

  private newLines({ activation }: ScopeRun): RunLines {
    const { body } = this.followed.runs;
    const before = this.calls.get(activation)?.before;
    let pollsBefore = 0;
    if (body !== undefined && before !== undefined) {
      pollsBefore = before.polls.get(body) ?? 0;
      before.polls.set(body, pollsBefore + 1);
    }
    return { passes: undefined, resumedAt: undefined, pollsBefore };
  }

  private resumption(hit: TracepointHit, { future, activation }: ScopeRun, lines: RunLines): Resumption {
    const { body } = this.followed.runs;
    const call = this.calls.get(activation);
    if (body === undefined || call === undefined) return POLLED_FIRST;
    const { program } = this.source;
    const { before } = call;
    const awaited = before === undefined ? [] : awaitedBefore(before, body, { memory: hit.memory, program });
    // Each is polled once; what is polled more often was made since.
    if (awaited.length > 0 && lines.pollsBefore >= awaited.length) return POLLED_FIRST;
    if (future !== undefined) return resumptionOf({ body, address: future }, hit.memory);
    if (before === undefined) return POLLED_FIRST;
    // If all of them are suspended alike, it does not matter which it is.
    const memory = asBefore(before, hit.memory);
    const [first = POLLED_FIRST, ...others] = awaited.map((each) => resumptionOf(each, memory));
    return others.every((other) => other.line === first.line) ? first : { kind: "unknown" };
  }
}

function resumptionOf(
  future: LocatedFuture,
  memory: TracepointHit["memory"],
): Extract<Resumption, { kind: "known" }> {
  const state = stateIn(future, memory);
  return { kind: "known", line: state?.kind === "suspended" ? state.place?.line : undefined };
}
