import { describe, expect, it } from "vitest";
import type { FlowStep } from "../../../executor/hand-written/thumb-flow";
import { type FlowCut, flowCut } from "./flow-cut";

/** Instructions by number: what follows each, with `call` where it is a call; nothing follows a return. */
type Flow = Readonly<Record<number, { readonly next: readonly number[]; readonly call?: true }>>;

function cutOf(flow: Flow, goals: readonly number[], areCallsWatched = false): FlowCut | undefined {
  return flowCut(1, {
    stepAt: (at): FlowStep | undefined => {
      const found = flow[at];
      const call = found?.call && "indirect";
      return found && { address: at, next: found.next, call, isTrap: false, isStore: false };
    },
    isGoal: (at) => goals.includes(at),
    most: 2,
    areCallsWatched,
  });
}

const to = (...next: number[]) => ({ next });
const call = (...next: number[]) => ({ next, call: true }) as const;

describe("the cut of a flow", () => {
  it("is the goal where all ways lead there", () => {
    const diamond = { 1: to(2, 3), 2: to(4), 3: to(4), 4: to(5), 5: to() };
    expect(cutOf(diamond, [5])).toEqual({ places: [5], mayLeave: false, hasCalls: false });
  });

  it("lies behind a loop without a goal", () => {
    const loop = { 1: to(2), 2: to(3), 3: to(2, 4), 4: to(5), 5: to() };
    expect(cutOf(loop, [5])).toEqual({ places: [5], mayLeave: false, hasCalls: false });
  });

  it("is where the step begins, if that is a goal that a loop comes back to", () => {
    const loop = { 1: to(2), 2: to(1, 3), 3: to() };
    expect(cutOf(loop, [1, 3])).toEqual({ places: [1, 3], mayLeave: false, hasCalls: false });
  });

  it("counts the place behind the function's end", () => {
    const early = { 1: to(2), 2: to(3, 6), 3: to(4, 5), 4: to(), 5: to(), 6: to() };
    expect(cutOf(early, [4, 5])).toEqual({ places: [3, 6], mayLeave: false, hasCalls: false });
    expect(cutOf(early, [4])).toEqual({ places: [4], mayLeave: true, hasCalls: false });
  });

  it("stops before a call if a place in what is called is one too many", () => {
    const calls = { 1: to(2, 4), 2: call(3), 3: to(), 4: to() };
    expect(cutOf(calls, [3, 4], true)).toEqual({ places: [2, 4], mayLeave: false, hasCalls: false });
    expect(cutOf(calls, [3, 4])).toEqual({ places: [4, 3], mayLeave: false, hasCalls: true });
  });

  it("does not wait for what comes behind a call that never returns", () => {
    const panics = { 1: to(2, 3), 2: call(), 3: to() };
    expect(cutOf(panics, [3])).toEqual({ places: [3], mayLeave: false, hasCalls: true });
  });

  it("is not to be had at a jump through a table to more goals than there are breakpoints", () => {
    expect(cutOf({ 1: to(2, 3, 4), 2: to(), 3: to(), 4: to() }, [2, 3, 4])).toBeUndefined();
  });
});
