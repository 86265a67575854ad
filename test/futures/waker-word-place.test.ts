import { describe, expect, it } from "vitest";
import { type ExecutorTypes, wordPlace } from "#adapter/futures/waker-holders/word-place";
import type { Type, UnionType } from "#adapter/symbols/types/type";
import { ValueReader } from "#adapter/values/reader";
import { symbolsOf } from "#adapter/values/symbol-lookup";
import { BASE, MadeMemory, nap, program } from "./made-futures";
import { array, enumOf, member, pointer, struct, u32, usize } from "./made-types";

const HEADER = 0x2000_0500;
const TYPES: ExecutorTypes = {
  isOwn: (path) => path === "executor::Queue",
  isReference: (path) => path === "executor::TaskRef",
};

const rawWaker = struct("core::task::wake::RawWaker", { data: pointer("*const ()", u32), vtable: usize });
const waker = struct("core::task::wake::Waker", { waker: rawWaker });
const maybeWaker = enumOf(
  "core::option::Option<core::task::wake::Waker>",
  { None: undefined, Some: waker },
  waker,
);

/** What the word at an offset of a made value is: `waker .path`, `stale: why`. */
function placeIn(type: Type, offset: number, memory = new MadeMemory()): string {
  memory.put(BASE + offset, HEADER);
  const reader = new ValueReader(memory.view, symbolsOf(program));
  const { kind, path, reason, coroutine } = wordPlace(reader.at(type, BASE), BASE + offset, reader, TYPES);
  const where = coroutine === null ? "" : ` in ${coroutine.function}`;
  return `${kind} ${path}${where}${reason === null ? "" : `: ${reason}`}`;
}

function uninit(content: Type): UnionType {
  return {
    kind: "union",
    offset: 2e9 + content.offset,
    name: `core::mem::maybe_uninit::MaybeUninit<${content.name}>`,
    byteSize: content.byteSize,
    alignment: 4,
    members: [member("value", 0, content)],
    typeArguments: [{ name: "T", type: content }],
  };
}

describe("the word of a reference to a task", () => {
  it("is a waker where a Waker is", () => {
    expect(placeIn(struct("app::State", { count: u32, waker }), 4)).toBe("waker .waker");
    expect(placeIn(array(waker, 4), 8)).toBe("waker [1]");
  });

  it("is a waker in an Option that is Some, and left behind in one that is None", () => {
    expect(placeIn(maybeWaker, 4, new MadeMemory().put(BASE, 1))).toBe("waker ");
    expect(placeIn(maybeWaker, 4, new MadeMemory().put(BASE, 0))).toBe("stale ::None: it is None there");
  });

  it("names a variant that says more than that there is one", () => {
    const state = enumOf("app::State", { Idle: undefined, Waiting: waker });
    expect(placeIn(state, 4, new MadeMemory().put(BASE, 1))).toBe("waker ::Waiting");
  });

  it("is none in the wrong half of a waker", () => {
    expect(placeIn(waker, 4)).toBe("doubtful : the word beside a waker's data");
  });

  it("is a reference where the type says so, and the executor's own in its structures", () => {
    const reference = struct("executor::TaskRef", { pointer: pointer("*const Header", u32) });
    expect(placeIn(struct("app::Queue", { head: reference, tail: u32 }), 0)).toBe("reference .head");
    expect(placeIn(struct("executor::Queue", { head: reference }), 0)).toBe("executor ");
  });

  it("is doubtful as a number or a pointer to something else", () => {
    expect(placeIn(struct("app::State", { count: u32, other: u32 }), 4)).toBe(
      "doubtful .other: it is kept as u32",
    );
    expect(placeIn(pointer("*const u8", u32), 0)).toBe("doubtful : a pointer to u32");
  });

  it("is left behind where no field is", () => {
    const padded = { ...struct("app::Padded", { a: u32, b: u32 }), byteSize: 16 };
    expect(placeIn(padded, 12)).toBe("stale : it belongs to no field");
  });

  it("is doubtful where it may never have been written, and in a union", () => {
    expect(placeIn(uninit(waker), 0)).toBe("doubtful : it may be uninitialised");
    const either = { ...uninit(waker), name: "app::Either", typeArguments: [] };
    expect(placeIn(either, 0)).toBe("doubtful : in the union Either");
  });

  it("is a waker among the elements of a collection, and left behind among those that were there", () => {
    const vec = struct("heapless::vec::Vec<core::task::wake::Waker, 2>", {
      len: usize,
      buffer: array(uninit(waker), 2),
    });
    expect(placeIn(vec, 4, new MadeMemory().put(BASE, 1))).toBe("waker [0]");
    expect(placeIn(vec, 12, new MadeMemory().put(BASE, 1))).toBe(
      "stale .buffer: no element of the Vec any more",
    );
  });

  it("is looked for in what a suspended coroutine keeps, and left behind in one that has returned", () => {
    const { awaitee } = nap.coroutine.states.find(({ kind }) => kind === "suspended")!;
    const offset = awaitee!.offset;
    const suspended = new MadeMemory().putNap(BASE, "Suspend0");
    expect(placeIn(nap.coroutine.type, offset, suspended)).toMatch(
      /^doubtful .* in blink::nap: it is kept as/,
    );
    const returned = new MadeMemory().putNap(BASE, "Returned");
    expect(placeIn(nap.coroutine.type, offset, returned)).toBe("stale : blink::nap has returned");
  });
});
