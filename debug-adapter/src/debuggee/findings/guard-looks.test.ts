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

/** How many of so many polls' ends are looked at, if all looks see the same. */
function looksOf(seen: FutureNode, polls: number, hasFound = false): number {
  const looks = new GuardLooks(["my_crate::SpinGuard"]);
  let count = 0;
  for (let poll = 0; poll < polls; poll++) {
    const at = looks.at(TASK, AWAIT);
    if (!at.isDue()) continue;
    count++;
    at.note({ future: seen, hasFound });
  }
  return count;
}

describe("looks for guards", () => {
  it("are made at every poll's end where a blocking guard may lie, or one that the user lists", () => {
    expect(looksOf(BLOCKING, 500)).toBe(500);
    expect(looksOf(LISTED, 500)).toBe(500);
  });

  it("are made once where no guard can lie", () => {
    expect(looksOf(NOTHING, 500)).toBe(1);
  });

  it("become rare where only guards lie that tasks may wait for, as long as nothing comes of it", () => {
    expect(looksOf(WAITABLE, 16)).toBe(16);
    expect(looksOf(WAITABLE, 16 + 640)).toBe(16 + 10);
  });

  it("are made at every end where the trace does not tell what the branches of a join keep", () => {
    expect(looksOf(SEVERAL_BRANCHES, 100)).toBe(100);
  });

  it("are made anew after something was found", () => {
    const looks = new GuardLooks([]);
    for (let poll = 0; poll < 40; poll++) {
      const at = looks.at(TASK, AWAIT);
      if (at.isDue()) at.note({ future: WAITABLE, hasFound: false });
    }
    expect(looks.at(TASK, AWAIT).isDue()).toBe(false);
    looks.forget(TASK);
    expect(looks.at(TASK, AWAIT).isDue()).toBe(true);
  });

  it("at one await say nothing of another", () => {
    const looks = new GuardLooks([]);
    looks.at(TASK, AWAIT).note({ future: NOTHING, hasFound: false });
    expect(looks.at(TASK, AWAIT).isDue()).toBe(false);
    expect(looks.at(TASK, 2 as SuspensionIndex).isDue()).toBe(true);
    expect(looks.at(1 as TaskIndex, AWAIT).isDue()).toBe(true);
  });
});
