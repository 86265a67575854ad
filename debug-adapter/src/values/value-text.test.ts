import { describe, expect, it } from "vitest";
import {
  array,
  bool,
  char,
  f32,
  i32,
  plainEnum,
  pointer,
  RAM,
  readerOf,
  struct,
  taggedEnum,
  u16,
  u32,
  u8,
  union,
  unit,
  usize,
  words,
} from "#test/values/type-builder";
import type { EnumType, StructType, Type } from "../symbols/types/type";
import { childrenOf } from "./children";
import { DEFAULT_LIMITS, type Limits } from "./limits";
import { sliceType, STR } from "./pointers";
import { valueText } from "./value-text";

function check(type: Type, bytes: ArrayLike<number>, expected: string, limits: Partial<Limits> = {}): void {
  const reader = readerOf(bytes);
  expect(valueText(reader.at(type, RAM), reader, { ...DEFAULT_LIMITS, ...limits })).toBe(expected);
}

const STR_REF = struct("&str", { data_ptr: pointer("*u8", () => u8), length: usize });
const MOTION = taggedEnum("app::Motion", u8, { Still: {}, By: { __0: u8 }, To: { x: u8, y: u8 } });

describe("valueText", () => {
  it("writes structs, tuples and what has no fields as Rust does", () => {
    check(struct("app::Point", { x: i32, y: i32 }), words(-1, 2), "Point { x: -1, y: 2 }");
    check(struct("app::Pair", { __0: u8, __1: bool }), [1, 0], "Pair(1, false)");
    check(struct("(u8, u8)", { __0: u8, __1: u8 }), [1, 2], "(1, 2)");
    check(struct("(u8)", { __0: u8 }), [1], "(1,)");
    check(struct("app::Marker<u8>", {}), [], "Marker");
    check(unit, [], "()");
  });

  it("writes variants, and names what is none", () => {
    check(MOTION, [0, 0, 0], "Still");
    check(MOTION, [1, 7, 0], "By(7)");
    check(MOTION, [2, 3, 4], "To { x: 3, y: 4 }");
    check(MOTION, [9, 3, 4], "invalid Motion: no variant has discriminant 0x09");
    const level = plainEnum("app::Level", u8, { Low: 0, High: 255 });
    check(level, [255], "High");
    check(level, [3], "invalid Level 0x03");
    check({ ...MOTION, discriminant: undefined, variants: [] }, [0], "<never: Motion has no values>");
  });

  it("takes the variant that can be where none is written down, and guesses at none", () => {
    const never: EnumType = {
      ...MOTION,
      name: "app::Never",
      discriminant: undefined,
      variants: [],
      byteSize: 0,
    };
    const result = (variants: Readonly<Record<string, Type>>): EnumType => ({
      ...MOTION,
      name: "app::Either",
      byteSize: 1,
      discriminant: undefined,
      variants: Object.entries(variants).map(([name, type]) => ({
        name,
        discriminants: undefined,
        payload: {
          name,
          offset: 0,
          type: struct(name, { __0: type }),
          isArtificial: false,
          declaration: undefined,
        },
      })),
    });
    check(result({ Ok: u8, Err: never }), [3], "Ok(3)");
    check(result({ Ok: never, Err: u8 }), [3], "Err(3)");
    check(result({ Ok: u8, Err: u8 }), [3], "<nothing tells which variant of Either it is>");
    check(result({ Ok: never, Err: never }), [3], "<never: Either has no values>");
  });

  it("names a closure after its function, and what it captures as the source does", () => {
    const closure = (path: string) =>
      struct(`${path}{closure_env#0}<u8>`, { _ref__count: u8, _ref_plain: u8 });
    const shown = "{ count: 1, _ref_plain: 2 }";
    check(closure("lib::timer::{impl#4}::next::"), [1, 2], `{closure in timer::next} ${shown}`);
    check(closure(""), [1, 2], `{closure} ${shown}`);
    check(struct("app::Odd", { _ref__count: u8 }), [1], "Odd { _ref__count: 1 }");
  });

  it("shows all fields of a union", () => {
    check(union("app::Bits", { word: u16, byte: u8 }), [1, 2], "union Bits { word: 513, byte: 1 }");
  });

  it("shortens what is long, and says so", () => {
    const bytes = Array.from({ length: 100 }, (_, i) => i);
    check(array(u8, 100), bytes, "[0, 1, 2, … 97 more]", { elements: 3 });
    check(array(u8, 100), new Array<number>(100).fill(5), "[5; 100]", { elements: 3 });
    check(array(u8, 0), [], "[]");
    check(array(u8, 100), bytes, "[0, 1, 2, …]", { characters: 10 });
    check(array(array(u8, 2), 2), [1, 2, 3, 4], "[[…], […]]", { depth: 1 });
    const nested = struct("app::Outer", { inner: struct("app::Inner", { x: u8 }) });
    check(nested, [1], "Outer { inner: Inner { … } }", { depth: 1 });
  });

  it("reads text, cut between characters", () => {
    const bytes = [...words(RAM + 8, 5), 0x61, 0xc3, 0xa9, 0x62, 0x22];
    check(STR_REF, bytes, '"aéb\\""');
    check(STR_REF, bytes, '"a"… (5 bytes)', { stringBytes: 2 });
    check(STR_REF, bytes, '"aé"… (5 bytes)', { stringBytes: 3 });
    check(STR_REF, [...words(RAM + 8, 2), 0x61, 0xff], 'b"a\\xff" (not UTF-8)');
    check(STR_REF, words(0x4000_0000, 3), "<memory at 0x40000000 cannot be read>");
    check(STR_REF, words(RAM, -1), "<its length of 4294967295 is not possible>");
  });

  it("follows references, and shows raw pointers as addresses", () => {
    const words4 = words(RAM + 4, 7);
    check(
      pointer("&u32", () => u32),
      words4,
      "&7",
    );
    check(
      pointer("*mut u32", () => u32),
      words4,
      "0x20000004",
    );
    check(
      pointer("*const u32", () => u32),
      words(0),
      "null",
    );
    check(
      pointer("&u32", () => u32),
      words(0),
      "&null",
    );
    check(
      pointer("&u32", () => u32),
      words(0x5000_0000),
      "&<memory at 0x50000000 cannot be read>",
    );
    check(
      struct("&[u16]", { data_ptr: pointer("*u16", () => u16), length: usize }),
      [...words(RAM + 8, 2), 1, 0, 2, 0],
      "&[1, 2]",
    );
  });

  it("names the function that a pointer leads to", () => {
    const run = pointer("fn()", () => ({
      kind: "subroutine",
      offset: 1,
      name: "fn()",
      byteSize: 0,
      alignment: 1,
      parameters: [],
      result: undefined,
    }));
    check(run, words(0x1000_0001), "app::run (0x10000001)");
    check(run, words(0x3000_0001), "0x30000001");
  });

  it("names the static that a raw pointer leads into", () => {
    const type = array(u8, 8);
    const reader = readerOf(words(RAM + 2, 0), {
      statics: [{ name: "app::DATA", address: RAM, byteSize: 8, type }],
    });
    expect(
      valueText(
        reader.at(
          pointer("*const u8", () => u8),
          RAM,
        ),
        reader,
      ),
    ).toBe("0x20000002 (app::DATA + 2)");
  });

  it("shows the real type behind a trait object, boxed and pinned or not", () => {
    const led = struct("app::Led", { pin: u8 });
    const parts = {
      pointer: pointer("*dyn", () => unit),
      vtable: pointer("&[usize; 3]", () => array(usize, 3)),
    };
    const boxed = struct("alloc::boxed::Box<dyn app::Trait, alloc::alloc::Global>", parts);
    // The pointer, then the data, then the vtable: destructor, size, alignment.
    const bytes = [...words(RAM + 8, RAM + 12), ...words(5), ...words(0, 1, 1)];
    const reader = readerOf(bytes, { implementors: { [RAM + 12]: led } });
    const text = (type: Type) => valueText(reader.at(type, RAM), reader);
    expect(text(struct("&dyn app::Trait", parts))).toBe("&Led { pin: 5 }");
    expect(text(boxed)).toBe("Box Led { pin: 5 }");
    expect(text(struct("core::pin::Pin<…>", { pointer: boxed }))).toBe("Box Led { pin: 5 }");
    const other = readerOf(bytes, { implementors: { [RAM + 12]: u8 } });
    expect(valueText(other.at(boxed, RAM), other)).toBe("Box 5: u8");
    // A vtable that says another size than the type's is none.
    const wrong = readerOf(bytes, { implementors: { [RAM + 12]: u32 } });
    expect(valueText(wrong.at(boxed, RAM), wrong)).toBe("Box 0x20000008");
  });

  it("ends where pointers go round in a circle", () => {
    const node: StructType = struct("app::Node", { value: u32, next: pointer("&app::Node", () => node) });
    check(node, words(1, RAM), "Node { value: 1, next: &Node { value: 1, next: &0x20000000 (seen above) } }");
    const itself = pointer("&Loop", () => itself);
    check(itself, words(RAM), "&&0x20000000 (seen above)");
  });

  it("says that memory cannot be read", () => {
    const reader = readerOf([1, 2]);
    const pair = struct("app::Pair", { a: u16, b: u16 });
    expect(valueText(reader.at(pair, RAM), reader)).toBe(
      "Pair { a: 513, b: <memory at 0x20000002 cannot be read> }",
    );
  });

  it("shows the bytes of a type that is not described", () => {
    check(
      { kind: "unknown", offset: 0, name: "{unknown}", byteSize: 3, alignment: 1 },
      [1, 2, 0xff],
      "bytes 01 02 ff",
    );
    check(
      { kind: "unknown", offset: 0, name: "{unknown}", byteSize: 0, alignment: 1 },
      [],
      "<of a type that the debug info does not describe>",
    );
  });

  it("says that a bool, char or float is what it is", () => {
    check(
      struct("app::Odd", { a: bool, b: char, c: f32 }),
      [2, ...words(0xdc00, 0x3fc00000)],
      "Odd { a: invalid bool 0x02, b: invalid char 0x0000dc00, c: 1.5 }",
    );
  });
});

describe("childrenOf", () => {
  it("gives elements page by page", () => {
    const reader = readerOf(Array.from({ length: 256 }, (_, i) => i));
    const children = childrenOf(reader.at(array(u8, 256), RAM), reader);
    expect(children.indexed).toBe(256);
    const page = children.elements(254, 100);
    expect(page.map(({ name, value }) => `${name} ${valueText(value, reader)}`)).toEqual([
      "[254] 254",
      "[255] 255",
    ]);
    expect(children.elements(300, 5)).toEqual([]);
    expect(children.elements(-5, 1)).toHaveLength(1);
    const huge = childrenOf(reader.at(sliceType(u8, 1 << 28), RAM), reader);
    expect(huge.elements(0, 1 << 28)).toHaveLength(1000);
  });

  it("gives the fields behind a reference, and what a raw pointer points to", () => {
    const point = struct("app::Point", { x: u8, y: u8 });
    const reader = readerOf([...words(RAM + 4), 8, 9]);
    const names = (type: Type) => childrenOf(reader.at(type, RAM), reader).named.map(({ name }) => name);
    expect(names(pointer("&app::Point", () => point))).toEqual(["x", "y"]);
    expect(names(pointer("*const app::Point", () => point))).toEqual(["*"]);
    expect(names(u32)).toEqual([]);
    expect(names({ ...sliceType(u8, 3, STR) })).toEqual([]);
  });
});
