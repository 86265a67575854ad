import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TaskPointers } from "./task-pointers";

const SLOTS = [
  { task: "a", header: 0x2000_0100, byteSize: 64 },
  { task: "b", header: 0x2000_0200, byteSize: 64 },
];

function bytesOf(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  words.forEach((word, i) => new DataView(bytes.buffer).setUint32(4 * i, word, true));
  return bytes;
}

describe("pointers to the headers of tasks", () => {
  it("finds each word that holds a header's address, and no other", () => {
    const bytes = bytesOf([0x2000_0100, 0x2000_0104, 0, 0x2000_0200, 0x2000_01ff, 0x2000_0100]);
    expect(new TaskPointers([{ start: 0x2000_0000, bytes }], SLOTS).toHeaders()).toEqual([
      { address: 0x2000_0000, slot: 0 },
      { address: 0x2000_000c, slot: 1 },
      { address: 0x2000_0014, slot: 0 },
    ]);
  });

  it("looks at aligned words only, also where the memory begins between two", () => {
    const bytes = Uint8Array.of(0xff, 0xff, ...bytesOf([0x2000_0200]), 0xff);
    expect(new TaskPointers([{ start: 0x2000_0002, bytes }], SLOTS).toHeaders()).toEqual([
      { address: 0x2000_0004, slot: 1 },
    ]);
  });

  it("finds nothing without tasks", () => {
    expect(new TaskPointers([{ start: 0, bytes: bytesOf([0, 0x2000_0100]) }], []).toHeaders()).toEqual([]);
  });

  it("agrees with looking at each word for each task", () => {
    const word = fc.oneof(fc.constantFrom(0x2000_0100, 0x2000_0200), fc.nat(0xffff_ffff));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const expected = words.flatMap((value, i) =>
          SLOTS.flatMap(({ header }, slot) =>
            header === value ? [{ address: 0x2000_0000 + 4 * i, slot }] : [],
          ),
        );
        expect(new TaskPointers([{ start: 0x2000_0000, bytes: bytesOf(words) }], SLOTS).toHeaders()).toEqual(
          expected,
        );
      }),
    );
  });
});

describe("pointers into the future of a task", () => {
  it("finds what points into a future from outside, not to its header and not from inside", () => {
    const bytes = new Uint8Array(0x140);
    const view = new DataView(bytes.buffer);
    view.setUint32(0x10, 0x2000_0100, true);
    view.setUint32(0x20, 0x2000_0130, true);
    view.setUint32(0x24, 0x2000_0140, true);
    view.setUint32(0x134, 0x2000_0130, true);
    expect(new TaskPointers([{ start: 0x2000_0000, bytes }], SLOTS).into(SLOTS[0]!, 40)).toEqual([
      0x2000_0020,
    ]);
  });
});
