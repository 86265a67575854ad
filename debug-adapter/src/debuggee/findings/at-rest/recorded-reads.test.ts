import { describe, expect, it } from "vitest";
import { memoryOf } from "../../../target/memory-ranges";
import { RecordedReads } from "./recorded-reads";

const START = 0x2000_0000;

function memory(...bytes: number[]) {
  return { start: START, bytes: Uint8Array.from(bytes) };
}

/** What a reader has read that follows a flag in the first byte to the second half of the next word, or to nothing. */
function recordedIn(slot: ReturnType<typeof memory>) {
  const recorded = new RecordedReads(memoryOf([slot]));
  if (recorded.readUint(START, 1) === 1) recorded.readUint(START + 6, 2);
  return recorded;
}

describe("recorded reads", () => {
  const reads = recordedIn(memory(1, 9, 9, 9, 0x44, 0x33, 0x92, 0x81, 9)).all(START, 2)!;
  const isSame = (slot: ReturnType<typeof memory>) =>
    reads.areIn(new Uint32Array(slot.bytes.buffer.slice(0, 8)), memoryOf([slot]));

  it("are the same where all that was read is, whatever else has changed", () => {
    expect(isSame(memory(1, 0, 0, 0, 0, 0, 0x92, 0x81, 0))).toBe(true);
  });

  it("are others where one byte of it is", () => {
    expect(isSame(memory(2, 9, 9, 9, 0x44, 0x33, 0x92, 0x81, 9))).toBe(false);
    expect(isSame(memory(1, 9, 9, 9, 0x44, 0x33, 0x92, 0x80, 9))).toBe(false);
  });

  it("are compared outside of the copy, too", () => {
    const slot = memory(1, 9, 9, 9, 0x44, 0x33, 0x92, 0x81, 9);
    const outside = recordedIn(slot).all(START, 1)!;
    const words = new Uint32Array(slot.bytes.buffer.slice(0, 4));
    expect(outside.areIn(words, memoryOf([slot]))).toBe(true);
    slot.bytes[6] = 0;
    expect(outside.areIn(words, memoryOf([slot]))).toBe(false);
    expect(outside.areIn(words, memoryOf([memory(1, 9, 9, 9)]))).toBe(false);
  });

  it("are worth nothing where something could not be read", () => {
    const recorded = new RecordedReads(memoryOf([memory(1, 2)]));
    expect(recorded.readUint(START + 1, 4)).toBeUndefined();
    expect(recorded.all(START, 1)).toBeUndefined();
  });
});
