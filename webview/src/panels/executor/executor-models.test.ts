import { describe, expect, it } from "vitest";
import type { ProtocolPool, ProtocolQueueEntry } from "#adapter/protocol/executor";
import { dueWords, entryWords, executorName, rounds, timerNote } from "./executor-words";
import { ramPieces, slotPieces, usedSlots } from "./memory-bars";
import {
  ASSUMPTIONS,
  DEFAULT_ASSUMPTIONS,
  estimatePower,
  lifeWords,
  parseAssumptions,
} from "./power-estimate";

const POOL: ProtocolPool = {
  name: "worker",
  staticName: "app::worker::POOL",
  address: "0x20000000",
  slotBytes: 64,
  headerBytes: 40,
  futureBytes: 20,
  slots: [
    { threadId: 2, state: "suspended", keptBytes: 15 },
    { threadId: 3, state: "running", keptBytes: null },
    { threadId: 4, state: "unspawned", keptBytes: null },
  ],
  everUsed: 2,
};

const drawn = (slot: number) => slotPieces(POOL, POOL.slots[slot]!).map(({ kind, amount }) => [kind, amount]);

describe("the memory of a pool", () => {
  it("is header, what is kept now, the rest of the future, and what alignment leaves", () => {
    expect(drawn(0)).toEqual([
      ["header", 40],
      ["kept", 15],
      ["spare", 5],
      ["padding", 4],
    ]);
    expect(drawn(1)).toEqual([
      ["header", 40],
      ["future", 20],
      ["padding", 4],
    ]);
    expect(drawn(2)).toEqual([
      ["header", 40],
      ["free", 20],
      ["padding", 4],
    ]);
    expect(usedSlots(POOL)).toBe(2);
  });

  it("fills the whole bar, piece behind piece", () => {
    for (const slot of POOL.slots) {
      const pieces = slotPieces(POOL, slot);
      pieces.forEach(({ from }, i) => {
        const before = pieces.slice(0, i).reduce((sum, { share }) => sum + share, 0);
        expect(from).toBeCloseTo(before);
      });
      expect(pieces.reduce((sum, { amount }) => sum + amount, 0)).toBe(POOL.slotBytes);
    }
  });

  it("is all future behind the header where the future was not found", () => {
    const unknown = { ...POOL, futureBytes: null };
    expect(slotPieces(unknown, unknown.slots[1]!).map(({ kind, amount }) => [kind, amount])).toEqual([
      ["header", 40],
      ["future", 24],
    ]);
  });

  it("is a part of RAM", () => {
    const pieces = ramPieces({ bytes: 1000, of: "linker", staticBytes: 300 }, [POOL]);
    expect(pieces.map(({ kind, amount }) => [kind, amount])).toEqual([
      ["tasks", 192],
      ["statics", 108],
      ["free", 700],
    ]);
  });
});

describe("the estimate of current", () => {
  it("weighs both currents by the time asleep, and adds the others", () => {
    const assumptions = { awake: 20, asleep: 2, others: 1, battery: 600 };
    expect(estimatePower(0.5, assumptions)).toEqual({ current: 12, hours: 50 });
    expect(estimatePower(1, assumptions)).toEqual({ current: 3, hours: 200 });
    expect(estimatePower(0, { awake: 0, asleep: 0, others: 0, battery: 1 }).hours).toBeNull();
  });

  it("begins with values of the datasheet, each with its source", () => {
    // 5.7.2: 9.4 mA at 48 MHz; 5.7.1: the sum of table "Baseline power consumption" at 125 MHz.
    const blocks = [2.6, 3.9, 3.8, 23.6, 12.3, 12.5, 5, 1.1, 1.9, 1.7, 1.8, 1.2, 3.5, 3.7, 1, 37.6];
    expect(DEFAULT_ASSUMPTIONS.awake).toBeCloseTo((9.4 * 125) / 48, 1);
    expect(DEFAULT_ASSUMPTIONS.asleep).toBeCloseTo(
      (blocks.reduce((sum, each) => sum + each) * 125) / 1000,
      0,
    );
    for (const { source } of ASSUMPTIONS) expect(source).not.toBe("");
  });

  it("takes what was saved, and no nonsense", () => {
    expect(parseAssumptions({ awake: 5, asleep: -1, others: "x", battery: NaN })).toEqual({
      ...DEFAULT_ASSUMPTIONS,
      awake: 5,
    });
    for (const saved of [undefined, null, 7]) expect(parseAssumptions(saved)).toEqual(DEFAULT_ASSUMPTIONS);
  });

  it("tells a battery's life in no more digits than it has", () => {
    expect([null, 0.5, 1.99, 40.4, 100, 24 * 365 * 3].map(lifeWords)).toEqual([
      "without end",
      "30 min",
      "119 min",
      "40 h",
      "4 days",
      "3 years",
    ]);
  });
});

describe("the words of queues", () => {
  const entry = (more: Partial<ProtocolQueueEntry>): ProtocolQueueEntry => ({
    threadId: 2,
    name: "blink",
    round: "next",
    isArriving: false,
    since: 1000,
    wokenBy: "TIMER_IRQ_0",
    ...more,
  });

  it("name executors by their statics and interrupts", () => {
    const executor = { address: "0x20000000", polled: null, queue: [], doubt: null };
    expect(executorName({ ...executor, name: null, interrupt: null })).toBe("Executor in thread mode");
    const high = { ...executor, name: "app::EXECUTOR_HIGH", interrupt: "SWI_IRQ_1" };
    expect(executorName(high)).toBe("EXECUTOR_HIGH, in SWI_IRQ_1");
  });

  it("tell rounds in their order", () => {
    const queue = [entry({ round: "this", name: "a" }), entry({ name: "b" }), entry({ name: "c" })];
    expect(rounds(queue).map(({ title, entries }) => [title, entries.map(({ name }) => name)])).toEqual([
      ["In this round", ["a"]],
      ["In the next round", ["b", "c"]],
    ]);
  });

  it("tell who has woken a task, and since when", () => {
    expect(entryWords(entry({}), 13_000)).toBe("woken by TIMER_IRQ_0, ready for 12.00 us");
    expect(entryWords(entry({ wokenBy: null }), 1000)).toBe("spawned, ready for 0 ns");
    expect(entryWords(entry({ isArriving: true }), 1000)).toBe("woken by TIMER_IRQ_0 at this instant");
  });

  it("tell when a timer is due", () => {
    const timer = { threadId: 2, name: "blink", isAwaited: true };
    expect(dueWords({ ...timer, dueAt: 3e6 }, 1e6)).toBe("in 2.000 ms");
    expect(dueWords({ ...timer, dueAt: 1e6 }, 3e6)).toBe("2.000 ms ago");
    expect(dueWords({ ...timer, dueAt: null }, 3e6)).toBe("never");
    expect(timerNote({ ...timer, dueAt: 0 })).toBeNull();
    expect(timerNote({ ...timer, dueAt: 0, isAwaited: null })).toBeNull();
    expect(timerNote({ ...timer, dueAt: 0, isAwaited: false })).toContain("earlier wait");
  });
});
