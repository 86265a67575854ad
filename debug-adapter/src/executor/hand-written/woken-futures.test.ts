import { describe, expect, it } from "vitest";
import { FakeTarget } from "#test/helpers/fake-target";
import { address } from "../../base/brand";
import type { TracepointHit } from "../../target/target";
import type { TaskIndex } from "../../trace/event";
import type { ObservedFuture } from "./observed-future";
import type { WakerParts } from "./waker-layout";
import { wokenFutures } from "./woken-futures";

const SITE = 0x100;
const WAKE = 0x200;
const OTHER_WAKE = 0x300;
const BY_CALL = { kind: "call", address: SITE, callee: WAKE, calleeRegister: 0 } as const;

function future(index: number, waker: Partial<WakerParts> | undefined, hasEnded = false): ObservedFuture {
  const parts = { data: 0, wake: WAKE, wakeByRef: WAKE, ...waker, isKnown: waker !== undefined };
  return {
    index: index as TaskIndex,
    type: undefined,
    pollRow: 0,
    body: undefined,
    address: undefined,
    waker: parts,
    hasEnded,
    polledBy: undefined,
    resultAddress: undefined,
  };
}

/** The indices of the futures that a use of a waker with some data wakes. */
function woken(
  data: number,
  futures: readonly ObservedFuture[],
  { site = BY_CALL, polled }: { site?: Parameters<typeof wokenFutures>[0]; polled?: ObservedFuture } = {},
): number[] {
  const target = new FakeTarget();
  let found: readonly ObservedFuture[] = [];
  const onHit = (hit: TracepointHit) => {
    found = wokenFutures(site, hit, futures, polled);
    return false;
  };
  target.addTracepoint({ where: { kind: "code", address: address(SITE) }, collect: [], onHit });
  // r1 leads to Thumb code: its lowest bit is set.
  target.reach(SITE, { r0: data, r1: WAKE | 1 });
  return found.map(({ index }) => index);
}

describe("wokenFutures", () => {
  it("goes by the data, which need not be a pointer", () => {
    const futures = [future(0, { data: 0 }), future(1, { data: 1 })];
    expect(woken(1, futures)).toEqual([1]);
    expect(woken(0, futures, { polled: futures[1]! })).toEqual([0]);
    expect(woken(2, futures)).toEqual([]);
  });

  it("goes by the function as well: two executors may give the same data", () => {
    const futures = [future(0, { data: 5, wake: OTHER_WAKE, wakeByRef: OTHER_WAKE }), future(1, { data: 5 })];
    expect(woken(5, futures)).toEqual([1]);
    const throughRegister = { ...BY_CALL, callee: undefined, calleeRegister: 1 };
    expect(woken(5, futures, { site: throughRegister })).toEqual([1]);
    expect(woken(5, futures, { site: { kind: "function", address: WAKE } })).toEqual([1]);
  });

  it("wakes all that share a waker, but inside a poll of one of them that one", () => {
    const futures = [future(0, {}), future(1, {})];
    expect(woken(0, futures)).toEqual([0, 1]);
    expect(woken(0, futures, { polled: futures[1]! })).toEqual([1]);
  });

  it("knows no waker where polls are inlined: then it is the only future left", () => {
    const ended = future(0, undefined, true);
    expect(woken(0, [ended, future(1, undefined)])).toEqual([1]);
    const two = [future(0, undefined), future(1, undefined)];
    expect(woken(0, two)).toEqual([]);
    expect(woken(0, two, { polled: two[1]! })).toEqual([1]);
  });

  it("does not guess whose waker it is where nothing is left of it but its effect", () => {
    const site = { kind: "inlined", address: SITE } as const;
    expect(woken(0, [future(0, {})], { site })).toEqual([0]);
    expect(woken(0, [future(0, {}), future(1, {})], { site })).toEqual([]);
  });

  it("is a wake of a future that has ended, if its waker is kept for longer", () => {
    expect(woken(7, [future(0, { data: 7 }, true), future(1, { data: 8 })])).toEqual([0]);
  });
});
