import { describe, expect, it } from "vitest";
import { memoryOf } from "../target/memory-ranges";
import { overMemory } from "./fetched-memory";

/** Memory from 0x1000 to 0x1300: each byte is the low half of its address. Reads are counted. */
class SlowTarget {
  reads = 0;

  readMemory(at: number, length: number): Promise<Uint8Array> {
    this.reads++;
    const available = at < 0x1000 || at >= 0x1300 ? 0 : Math.min(length, 0x1300 - at);
    return Promise.resolve(Uint8Array.from({ length: available }, (_, i) => at + i));
  }
}

describe("overMemory", () => {
  it("computes over what it fetches, as often as more is needed", async () => {
    const target = new SlowTarget();
    let runs = 0;
    const result = await overMemory(target, (memory) => {
      runs++;
      const first = memory.readUint(0x1004, 1);
      // Where the next read is depends on the first.
      return first === undefined ? undefined : memory.readUint(0x1200 + first, 2);
    });
    expect(result).toBe(0x0504);
    expect(runs).toBe(3);
    expect(target.reads).toBe(2);
  });

  it("reads across its blocks", async () => {
    const bytes = await overMemory(new SlowTarget(), (memory) => memory.read(0x10fe, 4));
    expect(bytes).toEqual(Uint8Array.of(0xfe, 0xff, 0, 1));
  });

  it("fetches nothing that the target has read already", async () => {
    const target = new SlowTarget();
    const known = { start: 0x1000, bytes: await target.readMemory(0x1000, 0x100) };
    target.reads = 0;
    const stood = {
      readMemory: (at: number, length: number) => target.readMemory(at, length),
      memoryAtStop: () => Promise.resolve(memoryOf([known])),
    };
    expect(await overMemory(stood, (memory) => memory.readUint(0x1004, 1))).toBe(4);
    expect(target.reads).toBe(0);
    expect(await overMemory(stood, (memory) => memory.readUint(0x1104, 2))).toBe(0x0504);
    expect(target.reads).toBe(1);
  });

  it("does without what cannot be read", async () => {
    const target = new SlowTarget();
    const result = await overMemory(target, (memory) => [
      memory.readUint(0x2000, 4),
      memory.readUint(0x12fe, 4),
      memory.read(0xfffffffe, 8),
      memory.readUint(0x12fc, 4),
    ]);
    expect(result).toEqual([undefined, undefined, undefined, 0xfffefdfc]);
  });

  it("gives up on a computation that asks for ever more", async () => {
    const target = new SlowTarget();
    let at = 0;
    await overMemory(target, (memory) => memory.readUint((at += 0x1000), 4));
    expect(target.reads).toBeLessThan(100);
  });
});
