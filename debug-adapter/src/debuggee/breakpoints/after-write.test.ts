import fc from "fast-check";
import { expect, it } from "vitest";
import type { MemoryView } from "../../target/target";
import "#test/helpers/fixed-seed";
import { afterWrite } from "./after-write";

const START = 0x2000_0000;
const BYTES = 16;

function viewOf(bytes: Uint8Array): MemoryView {
  const read = (from: number, length: number) =>
    from < START || from + length > START + bytes.length
      ? undefined
      : bytes.subarray(from - START, from - START + length);
  const view = new DataView(bytes.buffer);
  return {
    read,
    readUint: (from, size) => {
      if (read(from, size) === undefined) return undefined;
      const at = from - START;
      return size === 1
        ? view.getUint8(at)
        : size === 2
          ? view.getUint16(at, true)
          : view.getUint32(at, true);
    },
  };
}

it("the memory behind a store is what it will be once the store has been executed", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: BYTES, maxLength: BYTES }),
      fc.constantFrom<1 | 2 | 4>(1, 2, 4),
      fc.nat({ max: 3 }),
      fc.nat({ max: 0xffff_ffff }),
      fc.integer({ min: START - 2, max: START + BYTES }),
      (bytes, writeSize, word, value, from) => {
        const writeAddress = START + 4 * word;
        const writeValue = writeSize === 4 ? value : value % 2 ** (8 * writeSize);
        const before = bytes.slice();
        const hit = {
          time: 0 as never,
          writeAddress,
          writeSize,
          writeValue,
          register: () => 7,
          memory: viewOf(bytes),
        };
        const { memory } = afterWrite(hit);
        const stored = bytes.slice();
        const view = new DataView(stored.buffer);
        if (writeSize === 1) view.setUint8(4 * word, writeValue);
        else if (writeSize === 2) view.setUint16(4 * word, writeValue, true);
        else view.setUint32(4 * word, writeValue, true);
        const expected = viewOf(stored);
        for (const size of [1, 2, 4] as const)
          expect(memory.readUint(from, size)).toBe(expected.readUint(from, size));
        for (const length of [0, 3, 9])
          expect(memory.read(from, length)).toEqual(expected.read(from, length));
        expect(bytes).toEqual(before);
      },
    ),
  );
});
