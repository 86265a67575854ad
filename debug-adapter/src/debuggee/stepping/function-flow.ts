import { type Address, address } from "../../base/brand";
import { type FlowStep, flowStepAt } from "../../executor/hand-written/thumb-flow";
import type { ProgramFunction } from "../../symbols/function";
import type { Program } from "../../symbols/program";
import type { MemoryView } from "../../target/target";
import type { CodeRows } from "./code-rows";
import { returnOffsets } from "./thumb-calls";

/** The flow of control in the functions of a program; of each it is worked out once. */
export class FunctionFlows {
  private readonly graphs = new Map<number, FlowGraph>();

  constructor(
    private readonly program: Program,
    private readonly rows: CodeRows,
    /** The program's code, at the addresses at which it is executed. */
    private readonly code: MemoryView,
  ) {}

  of(owner: ProgramFunction): FlowGraph {
    let graph = this.graphs.get(owner.row);
    if (graph === undefined) {
      graph = new FlowGraph(owner.address, {
        stepAt: (at) => this.stepAt(at, owner),
        orderAt: this.orderIn(owner),
      });
      this.graphs.set(owner.row, graph);
    }
    return graph;
  }

  /** Where the calls in a stretch of code return to. */
  returnsIn({ address: start, end }: { readonly address: number; readonly end: number }): Address[] {
    const bytes = this.code.read(start, end - start) ?? new Uint8Array(0);
    return returnOffsets(bytes).map((offset) => address(start + offset));
  }

  /** The first halfword of an instruction. */
  instructionAt(at: number): number | undefined {
    return this.code.readUint(at, 2);
  }

  /** An instruction of a function; where it goes to besides, as the code of another, is left out. */
  stepAt(at: number, owner: ProgramFunction): FlowStep | undefined {
    if (!isIn(owner, at)) return undefined;
    const step = flowStepAt(at, this.code);
    if (step === undefined) return undefined;
    const { functions } = this.program;
    const isLast = typeof step.call === "number" && functions.at(address(step.call))?.isNoReturn === true;
    const next = isLast ? [] : step.next.filter((each) => isIn(owner, each));
    return { ...step, next: this.isBranchOnZero(at) ? next.reverse() : next };
  }

  /**
   * Whether an instruction branches away where the one before it has found 0. That is the state of a coroutine that was
   * never polled, so the way that begins there comes before those that begin in its middle.
   */
  private isBranchOnZero(at: number): boolean {
    const compared = this.code.readUint(at - 2, 2) ?? 0;
    const branch = this.code.readUint(at, 2) ?? 0;
    // CMP Rn, #0; BEQ (ARMv6-M ARM A6.7.17, A6.7.10)
    return (compared & 0xf8ff) === 0x2800 && (branch & 0xff00) === 0xd000;
  }

  /**
   * For a branch, a number for each instruction of the same file that grows with line and column; undefined for code
   * at the branch itself and of the opening brace, which finds out where a coroutine goes on, and for code of no line.
   */
  private orderIn(owner: ProgramFunction): FlowQuestions["orderAt"] {
    const brace = this.rows.of(owner).find((row) => row.isPrologueEnd);
    return (branch) => {
      const from = this.program.lines.rowAt(address(branch));
      return (at) => {
        const row = this.program.lines.rowAt(address(at));
        if (row === undefined || row.line === 0 || row.file !== (from?.file ?? row.file)) return undefined;
        const isHead = [brace, from].some((each) => row.line === each?.line && row.column === each.column);
        return isHead ? undefined : row.line * COLUMNS + row.column;
      };
    };
  }
}

/** More columns than a line has. */
const COLUMNS = 100_000;

function isIn({ ranges }: ProgramFunction, at: number): boolean {
  return ranges.some(({ start, end }) => start <= at && at < end);
}

/** What a depth-first search knows of an instruction. */
interface Node {
  /** Where control may go without beginning a new pass through a loop. */
  readonly forward: number[];
  /** The beginnings of loops to which control goes back from here. */
  readonly back: number[];
  isOpen: boolean;
}

interface FlowQuestions {
  /** Undefined for what is no instruction of the function. */
  readonly stepAt: (at: number) => FlowStep | undefined;
  /** For a branch: where in the source, as a number, an instruction stands. */
  readonly orderAt: (branch: number) => (at: number) => number | undefined;
}

/** The flow of control within a function, without the branches that begin a new pass through a loop. */
export class FlowGraph {
  private readonly nodes = new Map<number, Node>();
  private readonly reachedFrom = new Map<number, ReadonlySet<number>>();
  private readonly loopEnds = new Map<number, number[]>();

  constructor(
    entry: number,
    private readonly ask: FlowQuestions,
  ) {
    this.search(entry);
  }

  /** The instructions at which loops begin, each with those from which control goes back to it. */
  get loops(): ReadonlyMap<number, readonly number[]> {
    return this.loopEnds;
  }

  /** Whether control may come from one instruction to another without a new pass through a loop. */
  leadsTo(from: number, to: number): boolean {
    let reached = this.reachedFrom.get(from);
    if (reached === undefined) this.reachedFrom.set(from, (reached = this.forwardFrom([from])));
    return reached.has(to);
  }

  /**
   * What control may come to behind an instruction if of all loops it goes round those only that begin at some
   * instructions; undefined for what is no instruction of the function.
   */
  behind(from: number, isAllowed: (loop: number) => boolean): Set<number> | undefined {
    if (!this.nodes.has(from)) return undefined;
    const reached = new Set<number>();
    const open = [from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const { forward = [], back = [] } = this.nodes.get(at) ?? {};
      for (const next of [...forward, ...back.filter(isAllowed)]) {
        if (reached.has(next)) continue;
        reached.add(next);
        open.push(next);
      }
    }
    return reached;
  }

  /** The instructions that are always executed from one on, up to and with that which does not say alone what is next. */
  block(from: Address): number[] {
    const block: number[] = [];
    for (let at: number | undefined = from; at !== undefined && !block.includes(at);) {
      block.push(at);
      const forward: readonly number[] = this.nodes.get(at)?.forward ?? [];
      at = forward.length === 1 ? forward[0] : undefined;
    }
    return block;
  }

  /** What control may come to from some instructions without a new pass through a loop, and these. */
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
      const step = this.ask.stepAt(at);
      if (step === undefined) return;
      const node: Node = { forward: [], back: [], isOpen: true };
      this.nodes.set(at, node);
      path.push({ at, node, next: this.successors(step) });
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
      else {
        top.node.back.push(next);
        this.loopEnds.set(next, [...(this.loopEnds.get(next) ?? []), top.at]);
      }
      if (known === undefined) enter(next);
    }
  }

  /** In the order in which what they lead to stands in the source. */
  private successors({ address: at, next }: FlowStep): number[] {
    if (next.length < 2) return [...next];
    const orderOf = this.ask.orderAt(at);
    return next
      .map((each) => ({ each, order: this.firstOrder(each, orderOf, new Set()) }))
      .sort((a, b) => a.order - b.order)
      .map(({ each }) => each);
  }

  /** The order of an instruction; of one that has none the first of those that it leads to. */
  private firstOrder(at: number, orderOf: (at: number) => number | undefined, seen: Set<number>): number {
    const order = orderOf(at);
    if (order !== undefined) return order;
    const step = seen.has(at) ? undefined : this.ask.stepAt(at);
    if (step === undefined) return Number.MAX_SAFE_INTEGER;
    seen.add(at);
    const orders = step.next.map((each) => this.firstOrder(each, orderOf, seen));
    return Math.min(Number.MAX_SAFE_INTEGER, ...orders);
  }
}
