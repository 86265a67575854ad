import { describe, expect, it } from "vitest";
import { BASE, MadeMemory, nap, program } from "#test/futures/made-futures";
import { pointer, struct, u8, u32 } from "#test/futures/made-types";
import type { Type } from "../symbols/types/type";
import { ValueReader } from "../values/reader";
import { type SymbolLookup, symbolsOf } from "../values/symbol-lookup";
import { pointedValue } from "./pointed-future";

const napType = nap.coroutine.type;
const VTABLE = BASE + 0x300;

/** The program's symbols, with a vtable of `nap` as a future. */
function symbols(): SymbolLookup {
  const known = symbolsOf(program);
  const vtable = { name: "<blink::nap as core::future::Future>::{vtable}", implementor: napType };
  return Object.assign(Object.create(known) as SymbolLookup, {
    vtableAt: (at: number) => (at === VTABLE ? vtable : undefined),
  });
}

/** What a value of a type at `BASE` leads to, as `type at offset`. */
function follow(type: Type, memory: MadeMemory): string | undefined {
  const reader = new ValueReader(memory.view, symbols());
  const target = pointedValue(reader.at(type, BASE), reader);
  const address = target && reader.addressOf(target);
  return target && `${target.type === napType ? "nap" : target.type.name} at ${(address ?? 0) - BASE}`;
}

describe("pointedValue", () => {
  it("leaves what is no pointer", () => {
    expect(follow(u32, new MadeMemory())).toBe("u32 at 0");
    expect(follow(struct("app::Pair", { a: u32, b: u32 }), new MadeMemory())).toBe("app::Pair at 0");
  });

  it("follows pins, references and boxes, one in another", () => {
    const reference = pointer("&mut F", napType);
    const pin = struct("core::pin::Pin<&mut F>", { pointer: reference });
    const boxed = pointer("alloc::boxed::Box<core::pin::Pin<&mut F>>", pin);
    const memory = new MadeMemory().put(BASE, BASE + 0x40).put(BASE + 0x40, BASE + 0x80);
    expect(follow(pin, memory)).toBe("nap at 64");
    expect(follow(boxed, memory)).toBe("nap at 128");
  });

  it("finds the real type of Pin<Box<dyn Future>> by its vtable", () => {
    const wide = struct("alloc::boxed::Box<dyn core::future::Future<Output=()>>", {
      pointer: pointer("*mut dyn Future", u8),
      vtable: pointer("&[usize; 3]", u32),
    });
    const pin = struct("core::pin::Pin<alloc::boxed::Box<dyn Future>>", { pointer: wide });
    // The second word of a vtable is the size of the type.
    const memory = new MadeMemory().put(BASE, BASE + 0x40).put(VTABLE + 4, napType.byteSize);
    expect(follow(pin, memory.put(BASE + 4, VTABLE))).toBe("nap at 64");
    expect(follow(pin, memory.put(BASE + 4, 0x1234))).toBeUndefined();
  });

  it("ends at null, and where pointers lead in a circle", () => {
    expect(follow(pointer("&mut F", napType), new MadeMemory())).toBeUndefined();
    const ring = pointer("&mut R", u32);
    Object.assign(ring, { target: ring });
    expect(follow(ring, new MadeMemory().put(BASE, BASE))).toBeUndefined();
  });
});
