import { describe, expect, it } from "vitest";
import type { Location } from "../dwarf/location";
import { RAM, readerOf, struct, u16, u32, u8, words } from "#test/values/type-builder";
import { locationOf } from "./location";
import { valueText } from "./value-text";

const reader = readerOf(words(0x04030201, 0x08070605));
const frame = {
  register: (number: number) => (number === 0 ? 0x11223344 : undefined),
  memory: reader.memory,
};
const PAIR = struct("app::Pair", { a: u16, b: u16 });

/** A `u32` at a location. */
function text(location: Location): string {
  return valueText({ type: u32, location: locationOf(location, 4, frame) }, reader);
}

const whole = { bitSize: undefined, bitOffset: 0 } as const;

describe("locationOf", () => {
  it("leaves what is whole in memory there, to be read when asked for", () => {
    expect(locationOf([{ location: { kind: "memory", address: RAM }, ...whole }], 4, frame)).toEqual({
      kind: "memory",
      address: RAM,
    });
  });

  it("reads registers and constants", () => {
    expect(text([{ location: { kind: "register", register: 0 }, ...whole }])).toBe("287454020");
    expect(text([{ location: { kind: "value", bytes: Uint8Array.of(1, 2, 0, 0) }, ...whole }])).toBe("513");
  });

  it("says that a value is optimized out, or why it cannot be read", () => {
    expect(text([{ location: { kind: "optimized-out" }, ...whole }])).toBe("<optimized out>");
    expect(text([{ location: { kind: "register", register: 9 }, ...whole }])).toBe(
      "<r9 is not known in this frame>",
    );
    expect(text([{ location: { kind: "memory", address: 0x4000_0000 }, ...whole }])).toBe(
      "<memory at 0x40000000 cannot be read>",
    );
  });

  it("never makes a number of a value of which a part is missing", () => {
    const half: Location = [
      { location: { kind: "memory", address: RAM }, bitSize: 16, bitOffset: 0 },
      { location: { kind: "optimized-out" }, bitSize: 16, bitOffset: 0 },
    ];
    expect(text(half)).toBe("<partly optimized out: 0x????0201>");
    const value = { type: PAIR, location: locationOf(half, 4, frame) };
    expect(valueText(value, reader)).toBe("Pair { a: 513, b: <optimized out> }");
  });

  it("puts pieces together", () => {
    const split: Location = [
      { location: { kind: "register", register: 0 }, bitSize: 8, bitOffset: 8 },
      { location: { kind: "memory", address: RAM + 4 }, bitSize: 24, bitOffset: 0 },
    ];
    expect(text(split)).toBe(String(0x07060533));
  });

  it("does not believe that a variable is gigabytes large", () => {
    const location = locationOf([{ location: { kind: "register", register: 0 }, ...whole }], 2 ** 31, frame);
    expect(valueText({ type: u8, location }, reader)).toBe("<its type claims to have 2147483648 bytes>");
  });
});
