import { describe, expect, it } from "vitest";
import { memoryOf } from "../../../values/memory-copy";
import { areUnchanged, RecordedReads } from "./recorded-reads";

const START = 0x2000_0000;

function memory(...bytes: number[]) {
  return { start: START, bytes: Uint8Array.from(bytes) };
}

/** What a reader has read that follows a flag in the first byte to a word or to nothing. */
function readsOf(slot: ReturnType<typeof memory>) {
  const recorded = new RecordedReads(memoryOf([slot]));
  if (recorded.readUint(START, 1) === 1) recorded.readUint(START + 4, 4);
  return recorded.all()!;
}

describe("recorded reads", () => {
  const reads = readsOf(memory(1, 9, 9, 9, 0x44, 0x33, 0x22, 0x11, 9));
  const isSame = (slot: ReturnType<typeof memory>) => areUnchanged(reads, memoryOf([slot]));

  it("are the same where all that was read is, whatever else has changed", () => {
    expect(isSame(memory(1, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, 0))).toBe(true);
  });

  it("are others where one byte of it is", () => {
    expect(isSame(memory(2, 9, 9, 9, 0x44, 0x33, 0x22, 0x11, 9))).toBe(false);
    expect(isSame(memory(1, 9, 9, 9, 0x44, 0x33, 0x22, 0x10, 9))).toBe(false);
  });

  it("are others where they cannot be read any more", () => {
    expect(isSame(memory(1, 9, 9, 9))).toBe(false);
  });

  it("are worth nothing where something could not be read", () => {
    const recorded = new RecordedReads(memoryOf([memory(1, 2)]));
    expect(recorded.readUint(START + 1, 4)).toBeUndefined();
    expect(recorded.all()).toBeUndefined();
  });
});
