import { describe, expect, it } from "vitest";
import { type Location, type LocationReader, readLocation, type SimpleLocation, wholeAt } from "./location";

/** r4 holds 0x44332211; memory from 0x20000000 holds 1, 2, 3, and so on, 8 bytes of it. */
const reader: LocationReader = {
  register: (number) => (number === 4 ? 0x44332211 : undefined),
  memory: {
    read: (address, length) => {
      const offset = address - 0x2000_0000;
      if (offset < 0 || offset + length > 8) return undefined;
      return Uint8Array.from({ length }, (_, i) => 1 + offset + i);
    },
  },
};

function check(location: Location, size: number, bytes: string, ...missing: string[]): void {
  const found = readLocation(location, size, reader);
  expect(Buffer.from(found.bytes).toString("hex")).toBe(bytes);
  expect(
    found.missing.map(({ bitOffset, bitSize, kind, reason }) => `${bitOffset}+${bitSize} ${kind}: ${reason}`),
  ).toEqual(missing);
}

const register = (number: number): SimpleLocation => ({ kind: "register", register: number });
const memory = (address: number): SimpleLocation => ({ kind: "memory", address });
const value = (...bytes: number[]): SimpleLocation => ({ kind: "value", bytes: Uint8Array.from(bytes) });
const piece = (location: SimpleLocation, bitSize: number, bitOffset = 0) => ({
  location,
  bitSize,
  bitOffset,
});

describe("readLocation", () => {
  it("reads what is in one place", () => {
    check(wholeAt(memory(0x2000_0002)), 4, "03040506");
    check(wholeAt(register(4)), 4, "11223344");
    check(wholeAt(register(4)), 1, "11");
    check(wholeAt(value(9, 8, 7, 6, 5)), 2, "0908");
  });

  it("puts pieces together", () => {
    check([piece(register(4), 16), piece(memory(0x2000_0000), 16), piece(value(9), 8)], 5, "1122010209");
  });

  it("puts bits together", () => {
    // Bits 4 to 15 of the register are 0x221, bits 4 to 7 of 0xa5 are 0xa.
    check([piece(register(4), 12, 4), piece(value(0xa5), 4, 4)], 2, "21a2");
    check([piece(memory(0x2000_0000), 16, 12)], 2, "3040");
  });

  it("says which bits are not known, and why", () => {
    check(wholeAt({ kind: "optimized-out" }), 2, "0000", "0+16 optimized-out: the compiler did not keep it");
    check(wholeAt(register(5)), 1, "00", "0+8 unavailable: r5 is not known in this frame");
    check(wholeAt(memory(0x3000_0000)), 1, "00", "0+8 unavailable: memory at 0x30000000 cannot be read");
    check(
      [piece(register(4), 8), piece({ kind: "unavailable", reason: "the reason" }, 8), piece(value(7), 8)],
      3,
      "110007",
      "8+8 unavailable: the reason",
    );
    check(
      wholeAt({ kind: "implicit-pointer", entryOffset: 1, byteOffset: 0 }),
      4,
      "00000000",
      "0+32 implicit-pointer: the compiler did not keep the pointer, only what it points to",
    );
  });

  it("does not make up what the debug info leaves open", () => {
    check(
      wholeAt(register(4)),
      8,
      "1122334400000000",
      "32+32 unavailable: the debug info describes only its lower bytes",
    );
    check(
      [piece(register(4), 8)],
      2,
      "1100",
      "8+8 optimized-out: the debug info says where its lower bytes are, and nothing of these",
    );
  });

  it("ignores pieces beyond the variable", () => {
    check([piece(register(4), 32), piece(register(9), 32)], 4, "11223344");
    check([piece(register(4), 32)], 1, "11");
    check([], 0, "");
  });
});
