import { address } from "../../base/brand";
import type { ProgramFunction } from "../../symbols/function";
import type { Program } from "../../symbols/program";
import type { Target } from "../../target/target";
import type { CodeRow, CodeRows, CodeScope } from "./code-rows";
import { type Flow, flowOf, halfword } from "./thumb-flow";

/** What a depth-first search knows of an instruction. */
interface Node {
  readonly flow: Flow;
  /** Where control may go without beginning a new pass through a loop. */
  readonly forward: number[];
  isOpen: boolean;
}

/**
 * Tells the end of a statement from the next pass through a loop: for both, control goes to an earlier line. What
 * follows an `if` that spans lines is stored by code of its first line, and a call's line comes after those of its
 * arguments. A step does not go back for these; it goes back where a loop does.
 */
export class SourceOrder {
  private readonly graphs = new Map<number, FlowGraph>();

  constructor(
    private readonly program: Program,
    private readonly rows: CodeRows,
  ) {}

  /** The rows that control may come to from the rows of a line without a new pass through a loop, before that line. */
  async leftovers(scope: CodeScope, line: number, target: Pick<Target, "readMemory">): Promise<Set<CodeRow>> {
    // What is inlined shares its code with others, and an optimised order is not that of the source anyway.
    if (scope.parent !== undefined) return new Set();
    const rows = this.rows.of(scope.owner).filter((row) => row.scope === scope);
    const earlier = rows.filter((row) => row.line !== 0 && row.line < line);
    if (earlier.length === 0) return new Set();
    const graph = await this.graphOf(scope.owner, target);
    const starts = rows.filter((row) => row.line === line).map((row) => row.address);
    const reached = graph.forwardFrom(starts);
    return new Set(earlier.filter((row) => reached.has(row.address)));
  }

  private async graphOf(owner: ProgramFunction, target: Pick<Target, "readMemory">): Promise<FlowGraph> {
    let graph = this.graphs.get(owner.row);
    if (graph === undefined) {
      const code = new FunctionCode(owner);
      await code.read(target);
      graph = new FlowGraph(owner.address, code, {
        placeOf: this.placesIn(owner),
        returns: (callee) => this.program.functions.at(address(callee))?.isNoReturn !== true,
      });
      this.graphs.set(owner.row, graph);
    }
    return graph;
  }

  /**
   * A number for an instruction that grows with line and column; undefined for code of the opening brace, which is the
   * prologue and what finds out where a coroutine goes on, and for code of no line.
   */
  private placesIn(owner: ProgramFunction): (at: number) => number | undefined {
    const brace = this.rows.of(owner).find((row) => row.isPrologueEnd);
    return (at) => {
      const row = this.program.lines.rowAt(address(at));
      if (row === undefined || row.line === 0) return undefined;
      const isBrace = row.line === brace?.line && row.column === brace.column;
      return isBrace ? undefined : row.line * COLUMNS + row.column;
    };
  }
}

/** More columns than a line has. */
const COLUMNS = 100_000;

/** The instructions of one function. */
class FunctionCode {
  private readonly parts: { readonly start: number; readonly bytes: Uint8Array }[] = [];

  constructor(private readonly owner: ProgramFunction) {}

  async read(target: Pick<Target, "readMemory">): Promise<void> {
    for (const { start, end } of this.owner.ranges) {
      this.parts.push({ start, bytes: await target.readMemory(address(start), end - start) });
    }
  }

  flowAt(at: number): Flow | undefined {
    const part = this.parts.find(({ start, bytes }) => start <= at && at + 2 <= start + bytes.length);
    if (part === undefined) return undefined;
    const offset = at - part.start;
    return flowOf(at, halfword(part.bytes, offset), halfword(part.bytes, offset + 2));
  }

  wordAt(at: number): number | undefined {
    const part = this.parts.find(({ start, bytes }) => start <= at && at + 4 <= start + bytes.length);
    if (part === undefined) return undefined;
    const offset = at - part.start;
    return (halfword(part.bytes, offset) | (halfword(part.bytes, offset + 2) << 16)) >>> 0;
  }
}

interface FlowQuestions {
  readonly placeOf: (at: number) => number | undefined;
  readonly returns: (callee: number) => boolean;
}

/** The flow of control within a function, without the branches that begin a new pass through a loop. */
class FlowGraph {
  private readonly nodes = new Map<number, Node>();

  constructor(
    entry: number,
    private readonly code: FunctionCode,
    private readonly ask: FlowQuestions,
  ) {
    this.search(entry);
  }

  forwardFrom(starts: readonly number[]): Set<number> {
    const reached = new Set(starts);
    const open = [...starts];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const next of this.nodes.get(at)?.forward ?? []) {
        if (reached.has(next)) continue;
        reached.add(next);
        open.push(next);
      }
    }
    return reached;
  }

  /**
   * Depth first: a branch to an instruction that is still open closes a loop. Of several ways that which begins first
   * in the source is searched first, so that where a coroutine goes on in the middle of a loop is not taken for the
   * loop's head.
   */
  private search(entry: number): void {
    const path: { readonly at: number; readonly node: Node; readonly next: number[] }[] = [];
    const enter = (at: number): void => {
      const flow = this.code.flowAt(at);
      if (flow === undefined) return;
      const node: Node = { flow, forward: [], isOpen: true };
      this.nodes.set(at, node);
      path.push({ at, node, next: this.successors(at, flow) });
    };
    enter(entry);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.next.shift();
      if (next === undefined) {
        top.node.isOpen = false;
        path.pop();
        continue;
      }
      const known = this.nodes.get(next);
      if (known?.isOpen !== true) top.node.forward.push(next);
      if (known === undefined) enter(next);
    }
  }

  /** In the order in which what they lead to stands in the source. */
  private successors(at: number, flow: Flow): number[] {
    const next = this.next(at, flow);
    if (next.length < 2) return next;
    return next
      .map((each) => ({ each, place: this.firstPlace(each, new Set()) }))
      .sort((a, b) => a.place - b.place)
      .map(({ each }) => each);
  }

  private next(at: number, flow: Flow): number[] {
    const next: number[] = [];
    const returns = flow.callee === undefined || this.ask.returns(flow.callee);
    if (flow.fallsThrough && returns) next.push(at + flow.length);
    if (flow.target !== undefined) next.push(flow.target);
    if (flow.isIndirect) next.push(...this.tableBehind(at + flow.length));
    return next;
  }

  /** The place of an instruction; of one that has none the first in the source of those that it leads to. */
  private firstPlace(at: number, seen: Set<number>): number {
    const place = this.ask.placeOf(at);
    if (place !== undefined) return place;
    const flow = this.code.flowAt(at);
    if (flow === undefined || seen.has(at)) return Number.MAX_SAFE_INTEGER;
    seen.add(at);
    const places = this.next(at, flow).map((each) => this.firstPlace(each, seen));
    return Math.min(Number.MAX_SAFE_INTEGER, ...places);
  }

  /** A jump table stands behind the jump, aligned to words: addresses in this function, with or without the Thumb bit. */
  private tableBehind(end: number): number[] {
    const found: number[] = [];
    for (let at = (end + 3) & ~3; ; at += 4) {
      const word = this.code.wordAt(at);
      if (word === undefined || this.code.flowAt((word & ~1) >>> 0) === undefined) return found;
      found.push((word & ~1) >>> 0);
    }
  }
}
