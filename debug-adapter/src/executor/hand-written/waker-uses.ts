import type { FunctionIdentity } from "../../symbols/function";
import type { InlinedCall } from "../../symbols/inline-tree";
import type { Program } from "../../symbols/program";
import type { FlowGraph } from "./flow-graph";
import { covers } from "./inlined-activation";

/** The calls, inlined or not, of functions that are given a waker to look at. */
export class WakerUses {
  private readonly takers = new Map<number, boolean>();

  constructor(private readonly program: Program) {}

  /** The instructions of such calls within an inlined call. */
  within({ calls, call, graph }: WakerUseSearch): ReadonlySet<number> {
    const inlined = calls.filter((each) => isInside(each, call, calls) && this.takesWaker(each.functionRow));
    const found = new Set<number>();
    for (const { address, call: callee } of graph.all()) {
      if (!covers(call.ranges, address)) continue;
      const isCall = typeof callee === "number" && this.isTaker(callee);
      if (isCall || inlined.some(({ ranges }) => covers(ranges, address))) found.add(address);
    }
    return found;
  }

  private isTaker(callee: number): boolean {
    const found = this.program.functions.at(callee as never);
    return found !== undefined && this.takesWaker(found.row);
  }

  private takesWaker(row: number): boolean {
    let takes = this.takers.get(row);
    if (takes === undefined) {
      takes = isGivenWaker(this.program.functions.ofRow(row));
      this.takers.set(row, takes);
    }
    return takes;
  }
}

export interface WakerUseSearch {
  /** All inlined calls of the function. */
  readonly calls: readonly InlinedCall[];
  readonly call: InlinedCall;
  readonly graph: FlowGraph;
}

function isInside(each: InlinedCall, outer: InlinedCall, calls: readonly InlinedCall[]): boolean {
  for (let at = calls[each.parent]; at !== undefined; at = calls[at.parent]) if (at === outer) return true;
  return false;
}

/** `Waker::wake_by_ref`, `Waker::clone`, `AtomicWaker::register` and whatever else takes `&Waker`. */
function isGivenWaker({ parameterTypes }: FunctionIdentity): boolean {
  return parameterTypes.some(({ name }) => name === "&core::task::wake::Waker");
}
