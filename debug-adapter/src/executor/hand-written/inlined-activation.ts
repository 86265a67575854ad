import type { FlowGraph } from "./flow-graph";

/** Code of a program: where it begins, and the address behind its last byte. */
export interface CodeRange {
  readonly start: number;
  readonly end: number;
}

/** Where control leaves an inlined call. */
export interface InlinedExit {
  readonly address: number;
  /** `pause`: part of the call's code, with effects, may follow before the call is over. */
  readonly kind: "end" | "pause";
  /** Whether the same call is made again from here, or the loop around it left; undefined if that is not known. */
  readonly isRepeated: boolean | undefined;
}

/** How an inlined call is told to begin and to end. */
export interface InlinedActivation {
  /** Where calls begin. */
  readonly entries: readonly number[];
  readonly exits: readonly InlinedExit[];
  /** Where a call that was left goes on. */
  readonly resumptions: readonly number[];
  /**
   * The position in `scopes` of the innermost function around the call within which it may be repeated, their number for
   * the function that all of them are inlined into; undefined if the call is not repeated.
   */
  readonly loopScope: number | undefined;
}

/**
 * Finds where an inlined call begins and ends. Its code may lie in several pieces: the compiler moves instructions
 * out of loops and past others, so that control enters and leaves the call's ranges more often than it is called.
 *
 * - A piece that can only be reached through another piece, once for each time, continues the call.
 * - A piece that always leads to another piece (moved out of a loop, say) is no call yet.
 * - Control that has left ends the call, unless a piece that calls or stores may follow.
 *
 * @param scopes the code of the functions around the call, innermost first, for `isRepeated`
 */
export function inlinedActivation(
  graph: FlowGraph,
  ranges: readonly CodeRange[],
  scopes: readonly (readonly CodeRange[])[],
): InlinedActivation {
  const isInside = (at: number) => covers(ranges, at);
  const ways = waysInto(graph, isInside);
  const first = ways.filter((way) => !ways.some((other) => other !== way && continues(way, other, graph)));
  const entries = first.filter((way) => !isPreface(way, first, graph));
  const isEntry = (at: number) => entries.includes(at);
  const resumptions = ways.filter((way) => !first.includes(way) && hasEffect(way, graph, isInside));
  const kindOf = (out: number) => {
    const ahead = graph.reachable([out], isEntry);
    return resumptions.some((each) => ahead.has(each)) ? "pause" : "end";
  };
  // Pieces without effect that follow the end lead out as well.
  const body = graph.reachable([...entries, ...resumptions], (at) => !isInside(at));
  // A panic does not end the poll: it is still on the stack.
  const outs = leftTo(graph, body, isInside).filter((out) => !graph.neverReturns(out));
  const loop = loopScope(graph, outs, entries, scopes);
  const scope = loop === undefined ? "none" : scopes[loop];
  const found = outs.flatMap((out) => decided(out, { graph, isEntry, scope }));
  const byAddress = new Map(found.map((exit) => [exit.address, exit]));
  const exits = [...byAddress.values()].map((exit) => ({ ...exit, kind: kindOf(exit.address) }) as const);
  return { entries, exits, resumptions, loopScope: loop };
}

export function covers(ranges: readonly CodeRange[], at: number): boolean {
  return ranges.some(({ start, end }) => start <= at && at < end);
}

/** The instructions at which control comes into some code. */
export function waysInto(graph: FlowGraph, isInside: (at: number) => boolean): number[] {
  const ways = new Set<number>(isInside(graph.entry) ? [graph.entry] : []);
  for (const { address, next } of graph.all()) {
    if (isInside(address)) continue;
    for (const each of next) if (isInside(each)) ways.add(each);
  }
  return [...ways].sort((a, b) => a - b);
}

/** The instructions that control leaves some code to. */
function leftTo(graph: FlowGraph, body: ReadonlySet<number>, isInside: (at: number) => boolean): number[] {
  const outs = new Set<number>();
  for (const at of body) for (const each of graph.next(at)) if (!isInside(each)) outs.add(each);
  return [...outs].sort((a, b) => a - b);
}

/** Whether `way` is reached through `other` only, each time anew. */
function continues(way: number, other: number, graph: FlowGraph): boolean {
  const isOther = (at: number) => at === other;
  return !graph.reachable([graph.entry, ...graph.next(way)], isOther).has(way);
}

/** Whether every path from `way` leads to another of `ways`. */
function isPreface(way: number, ways: readonly number[], graph: FlowGraph): boolean {
  if (ways.length === 1) return false;
  const isOther = (at: number) => at !== way && ways.includes(at);
  const before = graph.reachable([way], isOther);
  return !graph.endsOrCircles(before, isOther);
}

/** Whether the piece that begins at `way` calls or stores. */
function hasEffect(way: number, graph: FlowGraph, isInside: (at: number) => boolean): boolean {
  const piece = graph.reachable([way], (at) => !isInside(at));
  return [...graph.all()].some(
    (step) => piece.has(step.address) && (step.isStore || step.call !== undefined),
  );
}

/** The code that a loop around the call is looked for in; undefined for the whole function. */
type Scope = readonly CodeRange[] | undefined;

/** `InlinedActivation.loopScope`. */
function loopScope(
  graph: FlowGraph,
  outs: readonly number[],
  entries: readonly number[],
  scopes: readonly (readonly CodeRange[])[],
): number | undefined {
  const isRepeatedIn = (scope: Scope) => {
    const ahead = graph.reachable(outs, (at) => !isIn(scope, at));
    return entries.some((entry) => ahead.has(entry));
  };
  const found = scopes.findIndex(isRepeatedIn);
  if (found >= 0) return found;
  return isRepeatedIn(undefined) ? scopes.length : undefined;
}

interface Decision {
  readonly graph: FlowGraph;
  readonly isEntry: (at: number) => boolean;
  readonly scope: Scope | "none";
}

/** Instructions between a call and the branch on its result. */
const LONGEST_TEST = 16;

/**
 * An exit, or the branch behind it: where the call is repeated on one side and not on the other, what it returned is
 * known there, a few instructions after its end.
 */
function decided(out: number, decision: Decision): Omit<InlinedExit, "kind">[] {
  const found = follow(out, decision, 0);
  const isKnown = found.length > 0 && found.every(({ isRepeated }) => isRepeated !== undefined);
  return isKnown ? found : [{ address: out, isRepeated: undefined }];
}

function follow(at: number, decision: Decision, depth: number): Omit<InlinedExit, "kind">[] {
  const { graph } = decision;
  if (graph.neverReturns(at)) return [];
  const isRepeated = repetitionFrom(at, decision);
  if (isRepeated !== undefined || depth >= LONGEST_TEST || graph.isCall(at))
    return [{ address: at, isRepeated }];
  return graph.next(at).flatMap((next) => follow(next, decision, depth + 1));
}

/** Whether the call is repeated from here without leaving the scope; undefined if it may or may not. */
function repetitionFrom(at: number, { graph, isEntry, scope }: Decision): boolean | undefined {
  if (scope === "none") return undefined;
  if (!isIn(scope, at)) return false;
  const inside = graph.reachable([at], (each) => !isIn(scope, each));
  if (![...inside].some(isEntry)) return false;
  const before = graph.reachable([at], (each) => isEntry(each) || graph.neverReturns(each));
  const isLeft = [...before].some((each) => !isIn(scope, each) || graph.next(each).length === 0);
  return isLeft ? undefined : true;
}

function isIn(scope: Scope, at: number): boolean {
  return scope === undefined || covers(scope, at);
}
