import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BASE, lineOf, MadeMemory, nap, names, program, timer, treeOf } from "#test/futures/made-futures";
import { array, enumOf, pointer, struct, u32 } from "#test/futures/made-types";
import { ValueReader } from "../values/reader";
import { symbolsOf } from "../values/symbol-lookup";
import { memoryOf } from "../target/memory-ranges";
import { buildAwaitTree, type FutureNode } from "./await-tree";

const napType = nap.coroutine.type;
const napAwaitee = nap.coroutine.states.find(({ name }) => name === "Suspend0")!.awaitee!.offset;

/** A `nap` that waits for 500 us more. */
function suspended(memory: MadeMemory, at: number): MadeMemory {
  return memory.putNap(at, "Suspend0").putTimer(at + napAwaitee, 1500);
}

const NAP = "blink::nap suspended [Timer: timer due in 500.0 us]";

describe("buildAwaitTree", () => {
  it.each([
    ["Unresumed", "blink::nap unresumed"],
    ["Returned", "blink::nap returned"],
    ["Panicked", "blink::nap panicked"],
  ])("ends at a coroutine that is %s", (state, line) => {
    expect(lineOf(treeOf(napType, new MadeMemory().putNap(BASE, state)))).toBe(line);
  });

  it("says so where a state does not exist, or memory cannot be read", () => {
    const memory = new MadeMemory().put(BASE + nap.coroutine.discriminant.offset, 200, 1);
    expect(lineOf(treeOf(napType, memory))).toBe("blink::nap unknown (it has no state 200)");
    const reader = new ValueReader(memory.view, symbolsOf(program));
    const { root } = buildAwaitTree(reader.at(napType, 0x1234), names, reader);
    expect(lineOf(root)).toBe("blink::nap unknown (its memory cannot be read)");
  });

  it.each(["", "3", "4"])("follows all branches of Select%s", (count) => {
    const names = ["a", "b", "c", "d"].slice(0, Number(count === "" ? 2 : count));
    const type = struct(
      `embassy_futures::select::Select${count}<F>`,
      Object.fromEntries(names.map((name) => [name, timer])),
    );
    const memory = new MadeMemory();
    names.forEach((_, i) => memory.putTimer(BASE + i * timer.byteSize, 1000 + i));
    expect(treeOf(type, memory).children.map(lineOf)).toEqual(
      names.map((_, i) => `${i + 1} Timer: timer due ${i === 0 ? "now" : `in ${i}.000 us`}`),
    );
  });

  it("follows SelectArray, and SelectSlice through its pinned reference", () => {
    const memory = suspended(suspended(new MadeMemory(), BASE + 0x100), BASE + 0x100 + napType.byteSize);
    memory.put(BASE, BASE + 0x100).put(BASE + 4, 2);
    const slice = struct("&mut [F]", { data_ptr: pointer("*mut F", napType), length: u32 });
    const pinned = struct("core::pin::Pin<&mut [F]>", { pointer: slice });
    const type = struct("embassy_futures::select::SelectSlice<F>", { inner: pinned });
    expect(lineOf(treeOf(type, memory))).toBe(`SelectSlice [[0] ${NAP}, [1] ${NAP}]`);
    const inPlace = struct("embassy_futures::select::SelectArray<F, 1>", { inner: array(napType, 1) });
    expect(lineOf(treeOf(inPlace, suspended(new MadeMemory(), BASE)))).toBe(`SelectArray [[0] ${NAP}]`);
  });

  it("tells the branches of Join3 apart that run, have returned, and are taken", () => {
    const done = enumOf(
      "embassy_futures::join::MaybeDone<F>",
      { Future: timer, Done: u32, Gone: undefined },
      timer,
    );
    const type = struct("embassy_futures::join::Join3<F, F, F>", { Fut1: done, Fut2: done, Fut3: done });
    const memory = new MadeMemory().put(BASE, 0).putTimer(BASE + 4, 1001);
    memory.put(BASE + done.byteSize, 1).put(BASE + 2 * done.byteSize, 2);
    expect(lineOf(treeOf(type, memory))).toBe(
      "Join3 [1 Timer: timer due in 1.000 us, 2 Timer done, 3 Timer gone]",
    );
  });

  it("names both sides of with_timeout", () => {
    const type = struct("embassy_time::timer::TimeoutFuture<F>", { timer, fut: napType });
    const memory = suspended(new MadeMemory().putTimer(BASE, 3000), BASE + timer.byteSize);
    expect(lineOf(treeOf(type, memory))).toBe(
      `TimeoutFuture [timer Timer: timer due in 2.000 ms, fut ${NAP}]`,
    );
  });

  it("finds futures inside hand-written ones: fields, tuples, options, references that may poll", () => {
    const option = enumOf("core::option::Option<F>", { None: undefined, Some: napType });
    const type = struct("app::Retry<F>", {
      attempts: u32,
      current: option,
      other: pointer("&mut F", napType),
      shared: pointer("&F", napType),
    });
    // The option begins behind `attempts`, and its content behind its discriminant.
    const memory = suspended(new MadeMemory(), BASE + 8).put(BASE + 4, 1);
    suspended(memory, BASE + 0x200).put(BASE + 4 + option.byteSize, BASE + 0x200);
    expect(lineOf(treeOf(type, memory))).toBe(`Retry [current ${NAP}, other ${NAP}]`);
  });

  it("shows a leaf that it does not know with its fields", () => {
    const tree = treeOf(struct("app::Conversion", { channel: u32 }), new MadeMemory().put(BASE, 7));
    expect(tree.wait?.text).toBe("nobody known");
    expect(tree.fields).toBe("Conversion { channel: 7 }");
  });

  it("ends where references lead in a circle, and after so many nodes", () => {
    const fields: Record<string, typeof u32> = { count: u32 };
    const ring = struct("embassy_futures::select::Select<F, F>", fields);
    const toRing = pointer("&mut S", ring);
    Object.assign(ring, { members: [{ ...ring.members[0]!, name: "a", type: toRing }] });
    const tree = treeOf(ring, new MadeMemory().put(BASE, BASE));
    expect(lineOf(tree)).toBe("Select [1 Select (seen above)]");
    const wide = struct("embassy_futures::select::SelectArray<F, 900>", { inner: array(napType, 900) });
    const children = treeOf(wide, new MadeMemory()).children;
    expect(children.length).toBe(64);
  });

  it("never throws and always ends, whatever memory holds", () => {
    const types = program.asyncFunctions.all.map(({ coroutine }) => coroutine.type);
    const count = (node: FutureNode): number => 1 + node.children.reduce((sum, each) => sum + count(each), 0);
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.uint8Array({ minLength: 256, maxLength: 256 }),
        (type, bytes) => {
          const reader = new ValueReader(memoryOf([{ start: BASE, bytes }]), symbolsOf(program));
          expect(count(buildAwaitTree(reader.at(type, BASE), names, reader).root)).toBeLessThan(600);
        },
      ),
      { numRuns: 200 },
    );
  });
});
