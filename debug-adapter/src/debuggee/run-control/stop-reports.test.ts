import { describe, expect, it } from "vitest";
import { FakeTarget } from "#test/helpers/fake-target";
import { address } from "../../base/brand";
import { Register } from "../../target/architecture";
import { Departure } from "./departure";
import { StopReports } from "./stop-reports";

const PLACE = address(0x1000_0200);
const STACK = 0x2000_1000;

/** What a target without a machine tells of one hit. */
function atHit<Result>(
  target: FakeTarget,
  sp: number,
  ask: (hit: Parameters<StopReports["isSeen"]>[0]) => Result,
): Result {
  let result: Result | undefined;
  const tracepoint = target.addTracepoint({
    where: { kind: "code", address: PLACE },
    collect: [],
    onHit: (hit) => {
      result = ask(hit);
      return false;
    },
  });
  target.pass(10).reach(PLACE, { pc: PLACE, sp });
  tracepoint.remove();
  return result!;
}

describe("reports of breakpoints", () => {
  it("make one cause with all ids, in order and once each", () => {
    const reports = new StopReports();
    reports.begin(undefined);
    reports.addBehind({ kind: "breakpoint", ids: [3], event: "b" });
    reports.addBehind({ kind: "breakpoint", ids: [1], event: "a" });
    reports.addBehind({ kind: "breakpoint", ids: [3], event: "b" });
    expect(reports.take()).toEqual({ kind: "breakpoint", ids: [1, 3], event: "b; a" });
    expect(reports.take()).toBeUndefined();
  });

  it("give way to an exception", () => {
    const reports = new StopReports();
    reports.addBehind({ kind: "breakpoint", ids: [1] });
    const panic = { kind: "exception", what: "panic", place: null } as const;
    reports.addBehind(panic);
    expect(reports.take()).toEqual(panic);
  });

  it("of an earlier run are forgotten", () => {
    const reports = new StopReports();
    reports.addBehind({ kind: "breakpoint", ids: [1] });
    reports.begin(undefined);
    expect(reports.take()).toBeUndefined();
  });

  it("say before which instruction the target stands", () => {
    const reports = new StopReports();
    atHit(new FakeTarget(), STACK, (hit) => reports.addBefore(hit, { kind: "breakpoint", ids: [1] }));
    expect(reports.calledAt).toBe(PLACE);
  });
});

describe("the place that a run begins at", () => {
  it("is left once, by all who have a tracepoint there, and arrived at from then on", () => {
    const target = new FakeTarget();
    const reports = new StopReports();
    reports.begin(new Departure(PLACE, STACK));
    expect(atHit(target, STACK, (hit) => [reports.isSeen(hit), reports.isSeen(hit)])).toEqual([true, true]);
    expect(atHit(target, STACK, (hit) => reports.isSeen(hit))).toBe(false);
    expect(target.registers[Register.pc]).toBe(PLACE);
  });

  it("is not left by an interrupt that comes by with less stack", () => {
    const target = new FakeTarget();
    const departure = new Departure(PLACE, STACK);
    expect(atHit(target, STACK - 32, (hit) => departure.includes(hit))).toBe(false);
    expect(atHit(target, STACK, (hit) => departure.includes(hit))).toBe(true);
  });
});
