import { describe, expect, it } from "vitest";
import type { SuspensionIndex, TaskIndex } from "../../../trace/event";
import { memoryOf } from "../../../target/memory-ranges";
import { OncePerShape } from "./once-per-shape";
import type { RecordedReads } from "./recorded-reads";

const START = 0x2000_0000;
const TASK = 0 as TaskIndex;
const AWAIT = 1 as SuspensionIndex;

/** A task of a state, and a counter that is none of its shape. */
function task(state: number, counter: number) {
  const words = Uint32Array.of(state, counter);
  return { start: START, words, memory: memoryOf([{ start: START, bytes: new Uint8Array(words.buffer) }]) };
}

describe("what is made once per shape", () => {
  const shapesOf = (make: (memory: RecordedReads) => object) => {
    const shapes = new OncePerShape<object>();
    return (state: number, counter: number, suspension = AWAIT) =>
      shapes.at(TASK, suspension, task(state, counter), make);
  };
  const readState = (memory: RecordedReads) => ({ state: memory.readUint(START, 4) });

  it("is the same where what was read is, whatever else has changed", () => {
    const at = shapesOf(readState);
    const first = at(7, 1);
    expect(first).toEqual({ state: 7 });
    expect(at(7, 2)).toBe(first);
    expect(at(8, 2)).toEqual({ state: 8 });
    expect(at(7, 3)).toBe(first);
  });

  it("is another at another await, for another reader may be meant there", () => {
    const at = shapesOf(readState);
    expect(at(7, 1, 2 as SuspensionIndex)).not.toBe(at(7, 1));
  });

  it("is made each time where it depends on more than on what is read", () => {
    const at = shapesOf((memory) => {
      memory.dependOnMore();
      return readState(memory);
    });
    expect(at(7, 1)).not.toBe(at(7, 1));
  });

  it("is forgotten where there are too many shapes, the oldest first", () => {
    const at = shapesOf(readState);
    const first = at(0, 0);
    for (let state = 1; state < 8; state++) at(state, 0);
    expect(at(0, 0)).toBe(first);
    at(8, 0);
    expect(at(0, 0)).not.toBe(first);
  });
});
