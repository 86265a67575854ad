import { describe, expect, it } from "vitest";
import type { FutureNode } from "../../futures/await-tree";
import type { Type } from "../../symbols/types/type";
import type { SuspensionIndex, TaskIndex } from "../../trace/event";
import { GuardLooks } from "./guard-looks";

const TASK = 0 as TaskIndex;
const AWAIT = 1 as SuspensionIndex;

/** A type of some name without parts. */
function named(name: string, offset: number): Type {
  return { kind: "struct", name, offset, byteSize: 4, members: [], generics: [] } as unknown as Type;
}

function future(type: Type, branches = 1): FutureNode {
  const leaf = { locals: [], children: [] } as unknown as FutureNode;
  const locals = [{ value: { type } }];
  return { locals, children: Array.from({ length: branches }, () => leaf) } as unknown as FutureNode;
}

const SEVERAL_BRANCHES = future(named("u32", 1), 2);
const NOTHING = future(named("u32", 2));
const WAITABLE = future(named("embassy_sync::mutex::MutexGuard<M, u32>", 3));
const BLOCKING = future(named("core::cell::RefMut<u32>", 4));
const LISTED = future(named("my_crate::SpinGuard<u32>", 5));

/** What is known of an await at which this was seen. */
function learnt(seen: FutureNode): string {
  const looks = new GuardLooks(["my_crate::SpinGuard"]);
  expect(looks.at(TASK, AWAIT)).toBe("unknown");
  looks.learn(TASK, AWAIT, seen);
  return looks.at(TASK, AWAIT);
}

describe("looks for guards", () => {
  it("tell awaits apart at which a blocking guard may lie, or one that the user lists", () => {
    expect(learnt(BLOCKING)).toBe("blocking");
    expect(learnt(LISTED)).toBe("blocking");
  });

  it("tell those at which only guards lie that tasks may wait for, and those without any", () => {
    expect(learnt(WAITABLE)).toBe("waitable");
    expect(learnt(NOTHING)).toBe("none");
  });

  it("know nothing for sure where the trace does not tell what the branches of a join keep", () => {
    expect(learnt(SEVERAL_BRANCHES)).toBe("blocking");
  });

  it("at one await say nothing of another", () => {
    const looks = new GuardLooks([]);
    looks.learn(TASK, AWAIT, NOTHING);
    expect(looks.at(TASK, 2 as SuspensionIndex)).toBe("unknown");
    expect(looks.at(1 as TaskIndex, AWAIT)).toBe("unknown");
  });
});
