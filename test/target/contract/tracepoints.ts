import { describe, expect, it } from "vitest";
import { type Address, address, nanoseconds } from "#adapter/base/brand";
import { Register } from "#adapter/target/architecture";
import type { CollectItem, Removable, Target, Tracepoint, TracepointHit } from "#adapter/target/target";
import { addsImmediate, b, movs, NOP, str, strb, strh } from "#test/helpers/thumb";
import type { MakeTarget } from "../target-contract";
import { loadConstant, RAM, thumbImage } from "../thumb-image";

const REGISTERS: readonly CollectItem[] = [{ kind: "registers" }];
const ALL: readonly CollectItem[] = [
  { kind: "registers" },
  { kind: "memory", base: "absolute", offset: RAM, length: 16 },
];
const PLACE = address(RAM + 8);

/** r0 points to PLACE and r1 counts up; each round stores a word, a halfword and a byte there. */
const STORING = [
  loadConstant(0, PLACE),
  movs(1, 0),
  addsImmediate(1, 1),
  str(1, 0),
  strh(1, 0),
  strb(1, 0),
  b(-8),
];
const COUNT = 2;
const FIRST_STORE = 3;

function code(at: Address, onHit: (hit: TracepointHit) => boolean | undefined): Tracepoint {
  return { where: { kind: "code", address: at }, collect: ALL, onHit: (hit) => onHit(hit) ?? false };
}

function write(at: number, length: number, onHit: (hit: TracepointHit) => boolean | undefined): Tracepoint {
  return {
    where: { kind: "write", address: address(at), length },
    collect: ALL,
    onHit: (hit) => onHit(hit) ?? false,
  };
}

async function runFor(target: Target, time: number): Promise<void> {
  expect(await target.resume({ until: nanoseconds(target.now + time) })).toEqual({ kind: "time" });
}

export function describeCodeTracepoints(make: MakeTarget): void {
  describe("code tracepoints", () => {
    it("tell registers, memory and time before the instruction, in the program's order", async () => {
      const image = thumbImage(STORING);
      const target = await make(image.segments);
      const seen: string[] = [];
      const times: number[] = [];
      for (const i of [COUNT, FIRST_STORE]) {
        target.addTracepoint(
          code(image.at(i), (hit) => {
            const stored = hit.memory.readUint(PLACE, 4)!;
            seen.push(`${i - COUNT}: r1 ${hit.register(Register.r1)}, stored ${stored}`);
            times.push(hit.time);
            expect(hit.register(Register.pc)).toBe(image.at(i));
            return seen.length === 4;
          }),
        );
      }
      expect(await target.resume()).toEqual({ kind: "tracepoint" });
      expect(seen).toEqual([
        "0: r1 0, stored 0",
        "1: r1 1, stored 0",
        "0: r1 1, stored 1",
        "1: r1 2, stored 1",
      ]);
      expect(times).toEqual(times.toSorted((x, y) => x - y));
      expect(new Set(times).size).toBe(4);
    });

    it("read memory in bytes and words, and say where there is none", async () => {
      const image = thumbImage(STORING);
      const target = await make(image.segments);
      await target.writeMemory(RAM, Uint8Array.of(1, 2, 3, 4));
      const read: unknown[] = [];
      target.addTracepoint(
        code(image.at(1), ({ memory }) => {
          for (const size of [1, 2, 4] as const) read.push(memory.readUint(RAM, size));
          read.push([...memory.read(RAM, 3)!], memory.read(0x6000_0000, 1), memory.readUint(0x6000_0000, 4));
          return true;
        }),
      );
      await target.resume();
      expect(read).toEqual([1, 0x0201, 0x0403_0201, [1, 2, 3], undefined, undefined]);
    });

    it("at one place are all called, once each, and one of them can stop the target there", async () => {
      const image = thumbImage([NOP, NOP]);
      const target = await make(image.segments);
      const called: string[] = [];
      target.addTracepoint(code(image.at(1), () => void called.push("a")));
      target.addTracepoint(code(image.at(1), () => called.push("b") > 0));
      target.addTracepoint(code(image.at(1), () => void called.push("c")));
      expect(await target.resume()).toEqual({ kind: "tracepoint" });
      expect((await target.readRegisters())[Register.pc]).toBe(image.at(1));
      await runFor(target, 1e6);
      expect(called).toEqual(["a", "b", "c"]);
    });

    it("are called before a breakpoint of the same place stops, and not again when it goes on", async () => {
      const image = thumbImage([NOP, NOP]);
      const target = await make(image.segments);
      let calls = 0;
      target.addBreakpoint(image.at(1));
      target.addTracepoint(code(image.at(1), () => ++calls < 0));
      expect(await target.resume()).toEqual({ kind: "breakpoint", address: image.at(1) });
      expect(calls).toBe(1);
      await runFor(target, 1e6);
      expect(calls).toBe(1);
    });

    it("are called when a step executes their instruction", async () => {
      const image = thumbImage([NOP, NOP]);
      const target = await make(image.segments);
      const called: number[] = [];
      for (const i of [0, 1]) target.addTracepoint(code(image.at(i), () => void called.push(i)));
      await target.step();
      expect(called).toEqual([0]);
      await target.step();
      expect(called).toEqual([0, 1]);
    });

    it("added and removed by another one's hit count from then on", async () => {
      const image = thumbImage([NOP, NOP, NOP]);
      const target = await make(image.segments);
      const called: string[] = [];
      const other: Removable[] = [];
      const own = target.addTracepoint(
        code(image.at(0), () => {
          called.push("first");
          own.remove();
          other[0]!.remove();
          target.addTracepoint(code(image.at(0), () => void called.push("too late for this hit")));
          target.addTracepoint(code(image.at(1), () => void called.push("added ahead")));
        }),
      );
      target.addTracepoint(code(image.at(0), () => void called.push("second")));
      other.push(target.addTracepoint(code(image.at(0), () => void called.push("removed before its turn"))));
      target.addBreakpoint(image.at(2));
      expect(await target.resume()).toEqual({ kind: "breakpoint", address: image.at(2) });
      expect(called).toEqual(["first", "second", "added ahead"]);
    });

    it("are gone when removed, also by their own hit", async () => {
      const image = thumbImage(STORING);
      const target = await make(image.segments);
      let [once, twice] = [0, 0];
      const first = target.addTracepoint(
        code(image.at(COUNT), () => {
          once++;
          first.remove();
        }),
      );
      const second = target.addTracepoint(code(image.at(COUNT), () => ++twice === 2));
      await target.resume();
      second.remove();
      second.remove();
      await runFor(target, 1e5);
      expect([once, twice]).toEqual([1, 2]);
    });
  });
}

export function describeWriteTracepoints(make: MakeTarget): void {
  describe("write tracepoints", () => {
    it("tell what will be written, while memory holds the old value", async () => {
      const image = thumbImage(STORING);
      const target = await make(image.segments);
      await target.writeMemory(PLACE, Uint8Array.of(0x11, 0x22, 0x33, 0x44));
      const seen: number[][] = [];
      target.addTracepoint(
        write(PLACE, 4, (hit) => {
          seen.push([hit.writeAddress, hit.writeSize, hit.writeValue, hit.memory.readUint(PLACE, 4)!]);
          return seen.length === 3;
        }),
      );
      expect(await target.resume()).toEqual({ kind: "tracepoint" });
      expect(seen).toEqual([
        [PLACE, 4, 1, 0x4433_2211],
        [PLACE, 2, 1, 1],
        [PLACE, 1, 1, 1],
      ]);
    });

    it("stop behind the store that hit them", async () => {
      const image = thumbImage(STORING);
      const target = await make(image.segments);
      target.addTracepoint(write(PLACE, 4, () => true));
      expect(await target.resume()).toEqual({ kind: "tracepoint" });
      expect((await target.readRegisters())[Register.pc]).toBe(image.at(FIRST_STORE + 1));
      expect([...(await target.readMemory(PLACE, 4))]).toEqual([1, 0, 0, 0]);
    });

    it.each([
      { what: "the bytes before it", from: -4, length: 4, hits: [] },
      { what: "the bytes behind it", from: 4, length: 4, hits: [] },
      { what: "its first byte", from: 0, length: 1, hits: [4, 2, 1] },
      { what: "its second byte", from: 1, length: 1, hits: [4, 2] },
      { what: "its last byte", from: 3, length: 1, hits: [4] },
      { what: "more than it", from: -2, length: 8, hits: [4, 2, 1] },
    ])("on $what are hit by stores that touch them", async ({ from, length, hits }) => {
      const image = thumbImage(STORING);
      const target = await make(image.segments);
      const sizes: number[] = [];
      target.addTracepoint(write(PLACE + from, length, (hit) => void sizes.push(hit.writeSize)));
      let rounds = 0;
      target.addTracepoint(code(image.at(COUNT), () => ++rounds === 2));
      await target.resume();
      expect(sizes).toEqual(hits);
    });

    it("share a word, and stay when the other is removed", async () => {
      const image = thumbImage(STORING);
      const target = await make(image.segments);
      const called: string[] = [];
      const first = target.addTracepoint(
        write(PLACE, 2, () => {
          called.push("first");
          first.remove();
        }),
      );
      target.addTracepoint(write(PLACE, 4, () => called.push("second") > 3));
      await target.resume();
      expect(called).toEqual(["first", "second", "second", "second"]);
    });

    it("see no write of a debugger", async () => {
      const image = thumbImage([NOP]);
      const target = await make(image.segments);
      let hits = 0;
      target.addTracepoint({
        where: { kind: "write", address: PLACE, length: 4 },
        collect: REGISTERS,
        onHit: () => ++hits > 9,
      });
      await target.writeMemory(PLACE, Uint8Array.of(1));
      await runFor(target, 1e5);
      expect(hits).toBe(0);
      expect([...(await target.readMemory(PLACE, 1))]).toEqual([1]);
    });

    it("come in the order of the program among code tracepoints", async () => {
      const image = thumbImage(STORING);
      const target = await make(image.segments);
      const order: string[] = [];
      target.addTracepoint(write(PLACE, 4, (hit) => void order.push(`write ${hit.writeSize}`)));
      for (const i of [2, 3, 4, 5]) {
        target.addTracepoint(code(image.at(i), () => order.push(`code ${i}`) === 8));
      }
      await target.resume();
      expect(order).toEqual([
        "code 2",
        "code 3",
        "write 4",
        "code 4",
        "write 2",
        "code 5",
        "write 1",
        "code 2",
      ]);
    });
  });
}
