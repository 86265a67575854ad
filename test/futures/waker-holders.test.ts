import { describe, expect, it } from "vitest";
import { groupedHolders } from "#adapter/futures/waker-holders/grouped-holders";
import {
  findWakerHolders,
  type SearchedMachine,
  type SearchedTask,
  type StackPlace,
  type WakerSearch,
} from "#adapter/futures/waker-holders/waker-holders";
import type { Type } from "#adapter/symbols/types/type";
import { memoryOf } from "#adapter/target/memory-ranges";
import { ValueReader } from "#adapter/values/reader";
import { symbolsOf } from "#adapter/values/symbol-lookup";
import { program } from "./made-futures";
import { pointer, struct, u32, usize } from "./made-types";

/** RAM beyond the statics of the program whose symbols are used. */
const START = 0x2001_0000;
const TASK = START + 0x100;
const OTHER = START + 0x200;
const HEADER_BYTES = 40;

const rawWaker = struct("core::task::wake::RawWaker", { data: pointer("*const ()", u32), vtable: usize });
const waker = struct("core::task::wake::Waker", { waker: rawWaker });
const future = struct("app::Future", { waker, count: u32 });

const LIVE: StackPlace = { kind: "live", function: "app::helper", isExecutor: false };
const LOOP: StackPlace = { kind: "live", function: "Executor::run", isExecutor: true };

interface Made {
  readonly words: Readonly<Record<number, number>>;
  readonly stackAt?: (address: number) => StackPlace | undefined;
  readonly registers?: Readonly<Record<string, number>>;
  readonly core?: StackPlace;
  readonly otherState?: SearchedTask["state"];
  readonly type?: Type;
}

/** What is found of the first of two tasks. */
function search({ words, stackAt, registers, core, otherState, type }: Made): WakerSearch {
  const bytes = new Uint8Array(0x1000);
  for (const [address, word] of Object.entries(words)) {
    new DataView(bytes.buffer).setUint32(Number(address) - START, word, true);
  }
  const memory = [{ start: START, bytes }];
  const reader = new ValueReader(memoryOf(memory), symbolsOf(program));
  const slot = (task: string, header: number, state: SearchedTask["state"]): SearchedTask => ({
    task,
    header,
    byteSize: 64,
    future: reader.at(type ?? future, header + HEADER_BYTES),
    state,
  });
  const machine: SearchedMachine = {
    memory,
    registers: registers ?? {},
    core: core ?? LIVE,
    stackAt: stackAt ?? (() => undefined),
    headerBytes: HEADER_BYTES,
    types: { isOwn: () => false, isReference: () => false },
  };
  const tasks = [slot("a_task", TASK, "at-rest"), slot("b_task", OTHER, otherState ?? "at-rest")];
  return findWakerHolders(tasks, machine, reader)[0]!;
}

function reasonOf(made: Made): string {
  const { holders, ruledOut } = search(made);
  expect(holders).toEqual([]);
  return ruledOut[0]!.reason;
}

describe("who holds a waker", () => {
  it("is nobody where no word holds the task's address", () => {
    expect(search({ words: {} })).toEqual({ holders: [], words: 0, ruledOut: [] });
  });

  it("is the future of another task that keeps it", () => {
    expect(search({ words: { [OTHER + HEADER_BYTES]: TASK } }).holders).toMatchObject([
      { kind: "task", certainty: "waker", owner: "b_task", text: "waker in b_task", isOwn: false },
    ]);
  });

  it("is of no use in the task's own future, unless somebody points into that", () => {
    const words = { [TASK + HEADER_BYTES]: TASK };
    expect(search({ words }).holders).toMatchObject([{ owner: "a_task", isOwn: true }]);
    const pointed = { ...words, [START + 0x300]: TASK + HEADER_BYTES };
    expect(search({ words: pointed }).holders).toMatchObject([{ owner: "a_task", isOwn: false }]);
  });

  it("is unsure in a future that is being polled, and nobody in one that has ended", () => {
    const words = { [OTHER + HEADER_BYTES]: TASK };
    expect(search({ words, otherState: "polled" }).holders).toMatchObject([
      { certainty: "unsure", reason: "b_task is being polled" },
    ]);
    expect(reasonOf({ words, otherState: "none" })).toBe("b_task is not alive");
  });

  it("is not the executor, whose queues go through the headers", () => {
    expect(reasonOf({ words: { [OTHER + 28]: TASK } })).toBe(
      "the executor's own, for its queues; it is no waker",
    );
  });

  it("is nobody on a dead stack and in the executor's frame, and unsure elsewhere on the stack", () => {
    const words = { [START + 0x800]: TASK };
    const dead: StackPlace = { kind: "dead", function: null, isExecutor: false };
    expect(reasonOf({ words, stackAt: () => dead })).toBe("below the stack pointer");
    expect(reasonOf({ words, stackAt: () => LOOP })).toContain("in the frame of Executor::run");
    expect(search({ words, stackAt: () => LIVE }).holders).toMatchObject([
      { kind: "stack", certainty: "unsure", text: "the stack, in app::helper" },
    ]);
  });

  it("is unsure in a register, unless the core is in the executor's loop", () => {
    const made = { words: {}, registers: { r3: 0, r4: TASK } };
    expect(search(made).holders).toMatchObject([{ kind: "register", owner: "r4", certainty: "unsure" }]);
    expect(reasonOf({ ...made, core: LOOP })).toBe("the core is in Executor::run");
  });

  it("is unsure in memory that no type is known of", () => {
    expect(search({ words: { [START + 0x800]: TASK } }).holders).toMatchObject([
      { kind: "memory", certainty: "unsure", address: START + 0x800 },
    ]);
  });
});

describe("groupedHolders", () => {
  it("puts words together that may be wakers for the same reason, and no wakers", () => {
    const words = Object.fromEntries([0x800, 0x804, 0x808].map((at) => [START + at, TASK]));
    const { holders } = search({ words: { ...words, [OTHER + HEADER_BYTES]: TASK } });
    expect(groupedHolders(holders).map(({ first, more }) => `${first.kind} ${more}`)).toEqual([
      "task 0",
      "memory 2",
    ]);
  });
});
