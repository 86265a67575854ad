import { describe, expect, it } from "vitest";
import type { FutureNode } from "../../futures/await-tree";
import type { Wait } from "../../futures/wait";
import { plainWait } from "../../futures/wait";
import type { WakerHolder } from "../../futures/waker-holders/waker-holders";
import { nanoseconds } from "../../base/brand";
import type { TaskIndex } from "../../trace/event";
import { Trace } from "../../trace/trace";
import { suspendedWhy, type WaitingTasks } from "./suspended-why";

const HELD: WakerHolder = {
  kind: "static",
  certainty: "waker",
  address: 0x2000_0000,
  owner: "app::LOCK",
  text: "LOCK",
  place: null,
  reason: null,
  isOwn: false,
};

function lock(name: string, heldBy: readonly string[]): Wait {
  const object = { address: 0x2000_0000, name: "app::LOCK" };
  return { ...plainWait("mutex", `mutex ${name} held by ${heldBy.join()}`), object, heldBy };
}

function timer(milliseconds: number): Wait {
  const dueIn = nanoseconds(milliseconds * 1e6);
  return { ...plainWait("timer", `timer due in ${milliseconds} ms`), dueIn };
}

/** A task that awaits one thing, or one of several. */
interface Made {
  readonly name: string;
  readonly waits: readonly Wait[];
  readonly holders?: readonly WakerHolder[];
  readonly queued?: bigint;
}

function node(name: string, wait: Wait | null, children: readonly FutureNode[] = []): FutureNode {
  const plain = { type: name, address: null, label: null, place: null, isOwn: true, locals: [] };
  return {
    ...plain,
    name,
    state: "pending",
    wait,
    fields: null,
    children,
    kept: [],
    note: null,
  } as unknown as FutureNode;
}

/** What is said of the first of some suspended tasks. */
function verdictOf(...made: readonly Made[]): string {
  const tasks = made.map(({ name, waits }) => ({
    name,
    state: { kind: "suspended", since: nanoseconds(0), suspension: 0 },
    future: node(
      name,
      null,
      waits.map((wait) => node("Leaf", wait)),
    ),
  }));
  const wakers = made.map(({ holders, queued }) => ({
    search: { holders: holders ?? [HELD], words: 1, ruledOut: [] },
    timer: queued === undefined ? { kind: "not-queued" } : { kind: "queued", due: queued },
  }));
  const program = { asyncFunctions: { ofType: () => undefined } };
  const waiting = {
    tasks,
    wakers: { tasks: wakers, searchedBytes: 264 * 1024 },
    reader: {},
    now: 1000n,
    program,
    trace: new Trace(),
    summaryOf: () => undefined,
  } as unknown as WaitingTasks;
  const { kind, text } = suspendedWhy(waiting, 0 as TaskIndex).verdict;
  return `${kind}: ${text}`;
}

describe("why a suspended task does not go on", () => {
  it("is the soonest of its timers", () => {
    const waits = [timer(5), timer(3)];
    expect(verdictOf({ name: "a", waits, holders: [], queued: 4000n })).toBe(
      "timer: timer due in 3 ms (the soonest of 2)",
    );
  });

  it("is nobody, where nobody holds its waker", () => {
    const lost = "lost: nobody holds its waker: it can never run again";
    expect(verdictOf({ name: "a", waits: [plainWait("unknown", "nobody known")], holders: [] })).toBe(lost);
    expect(verdictOf({ name: "a", waits: [lock("L", ["b"])], holders: [] }, { name: "b", waits: [] })).toBe(
      lost,
    );
    expect(verdictOf({ name: "a", waits: [], holders: [{ ...HELD, isOwn: true }] })).toBe(lost);
  });

  it("is a timer of an earlier wait that is still queued", () => {
    const waits = [plainWait("unknown", "nobody known")];
    expect(verdictOf({ name: "a", waits, holders: [], queued: 3000n })).toBe(
      "timer: a timer of an earlier wait is still in the queue, due in 2.000 ms",
    );
  });

  it("is not known where only words that may have been left behind refer to it", () => {
    const holders = [{ ...HELD, certainty: "unsure" as const, reason: "why" }];
    expect(verdictOf({ name: "a", waits: [plainWait("unknown", "nobody known")], holders })).toBe(
      "unknown: only words that may have been left behind refer to it: LOCK",
    );
  });

  it("is who holds the lock, and what that waits for", () => {
    const holder = { name: "b", waits: [timer(2)], holders: [], queued: 3000n };
    expect(verdictOf({ name: "a", waits: [lock("L", ["b"])] }, holder)).toBe(
      "lock: mutex L held by b, which waits: timer due in 2 ms",
    );
  });

  it("is a deadlock of two, of three, and of a task with itself", () => {
    const a = { name: "a", waits: [lock("L", ["b"])] };
    const b = { name: "b", waits: [lock("M", ["a"])] };
    expect(verdictOf(a, b)).toBe(
      "deadlock: deadlock: a waits for mutex L held by b, and b waits for mutex M held by a",
    );
    expect(verdictOf({ name: "a", waits: [lock("L", ["a"])] })).toBe(
      "deadlock: deadlock: a waits for mutex L held by a, in the same task",
    );
  });

  it("is the deadlock of others, for whom waits for one of them", () => {
    const outside = { name: "x", waits: [lock("K", ["a"])] };
    const a = { name: "a", waits: [lock("L", ["b"])] };
    const b = { name: "b", waits: [lock("M", ["a"])] };
    expect(verdictOf(outside, a, b)).toBe(
      "deadlock: mutex K held by a, which can never let go: deadlock: a waits for mutex L held by b, and b waits for mutex M held by a",
    );
  });

  it("is the branch that can still go on, where another is in a deadlock", () => {
    const a = { name: "a", waits: [lock("L", ["b"]), timer(7)], holders: [HELD], queued: 8000n };
    const b = { name: "b", waits: [lock("M", ["a"])] };
    expect(verdictOf(a, b)).toMatch(/^timer: timer due in 7 ms/);
  });
});
