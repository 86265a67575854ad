import { describe, expect, it } from "vitest";
import type { Backtrace, Frame } from "../../unwind/backtrace";
import { stackPlaces } from "./stack-places";

const BOUNDS = { bottom: 0x2000_1000, top: 0x2004_2000, pointer: 0x2004_1f00, mayHoldHeap: false };

/** A frame that ends at `cfa`; several with one `machine` are inlined into each other. */
function frames(list: readonly (readonly [name: string, machine: number, cfa: number])[]): Frame[] {
  const machines = new Map<number, object>();
  return list.map(([name, machine, cfa]) => {
    if (!machines.has(machine)) machines.set(machine, { cfa });
    return { name, kind: "normal", machine: machines.get(machine) } as unknown as Frame;
  });
}

function backtrace(list: Parameters<typeof frames>[0], isWhole = true): Backtrace {
  return { frames: frames(list), problem: isWhole ? undefined : { where: "stack", what: "lost" } };
}

const LOOP = backtrace([
  ["core::hint::spin_loop", 1, 0x2004_1f20],
  ["app::helper", 1, 0x2004_1f20],
  ["embassy_executor::platform::thread::Executor::run<app::main>", 2, 0x2004_1f80],
  ["app::main", 3, 0x2004_1ff0],
]);

describe("stackPlaces", () => {
  it("calls dead what lies below the stack pointer, and nothing what is no stack", () => {
    const { stackAt } = stackPlaces(LOOP, BOUNDS);
    expect(stackAt(0x2004_1efc)?.kind).toBe("dead");
    expect(stackAt(0x2000_0ffc)).toBeUndefined();
    expect(stackAt(0x2004_2000)).toBeUndefined();
  });

  it("cannot call it dead where a heap may lie there", () => {
    expect(stackPlaces(LOOP, { ...BOUNDS, mayHoldHeap: true }).stackAt(0x2004_1efc)).toBeUndefined();
  });

  it("names the innermost function of the frame that a word lies in", () => {
    const { stackAt, core } = stackPlaces(LOOP, BOUNDS);
    expect(stackAt(0x2004_1f00)).toEqual({
      kind: "live",
      function: "core::hint::spin_loop",
      isExecutor: false,
    });
    expect(stackAt(0x2004_1f20)).toMatchObject({ isExecutor: true });
    expect(stackAt(0x2004_1ff8)).toMatchObject({ function: "app::main", isExecutor: false });
    expect(core.function).toBe("core::hint::spin_loop");
  });

  it("does not take a poll for the executor's loop: the task's own code may be inlined there", () => {
    const polling = backtrace([
      ["app::task", 1, 0x2004_1f40],
      ["embassy_executor::raw::TaskStorage<F>::poll<F>", 1, 0x2004_1f40],
    ]);
    expect(stackPlaces(polling, BOUNDS).stackAt(0x2004_1f10)?.isExecutor).toBe(false);
  });

  it("knows no function beyond where the unwinder has lost its way", () => {
    const { stackAt } = stackPlaces(backtrace([["app::helper", 1, 0x2004_1f20]], false), BOUNDS);
    expect(stackAt(0x2004_1f40)).toEqual({ kind: "live", function: null, isExecutor: false });
  });
});
