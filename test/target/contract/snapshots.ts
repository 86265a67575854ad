import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { address, nanoseconds } from "#adapter/base/brand";
import { loadImage } from "#adapter/elf/load-image";
import { parseElf } from "#adapter/elf/elf-file";
import type { ImageSegment } from "#adapter/chip/rp2040/rp2040";
import { Register } from "#adapter/target/architecture";
import type { Target, TracepointHit } from "#adapter/target/target";
import { addsImmediate, b, movs } from "#test/helpers/thumb";
import type { MakeTarget } from "../target-contract";
import { RAM, RAM_SIZE, thumbImage } from "../thumb-image";

const COUNTING = [movs(0, 0), addsImmediate(0, 1), b(-2)];

/** A sample with an interrupt, a timer and a pin. */
const BLINK = "samples/prebuilt/blink-release.elf";

function imageOf(path: string): ImageSegment[] {
  const { chunks } = loadImage(parseElf(readFileSync(path), path));
  return chunks.map(({ physicalAddress, bytes }) => ({ address: physicalAddress, bytes }));
}

/** Everything that happens until `until`, as text, and what memory and registers hold then. */
async function continuation(target: Target, until: number): Promise<unknown> {
  const lines: string[] = [];
  const observation = target.observe({
    onExceptionEntry: (time, exception) => lines.push(`${time} enter ${exception}`),
    onExceptionReturn: (time, exception) => lines.push(`${time} return ${exception}`),
    onSleep: (time) => lines.push(`${time} sleep`),
    onWake: (time) => lines.push(`${time} wake`),
    onPin: (time, pin, isHigh) => lines.push(`${time} pin ${pin} ${String(isHigh)}`),
  });
  const reason = await target.resume({ until: nanoseconds(until) });
  observation.remove();
  const memory = createHash("sha256")
    .update(await target.readMemory(RAM, RAM_SIZE))
    .digest("hex");
  return { reason, lines, memory, registers: await target.readRegisters(), now: target.now };
}

export function describeSnapshots(make: MakeTarget): void {
  describe("snapshots", () => {
    it.each([
      ["while the program sets up its clocks", 1e6],
      ["while it sleeps", 500e6],
      ["within an instant of a wake", 628.28e6],
    ])("taken %s give the same continuation as often as they are restored", async (_, time) => {
      const target = await make(imageOf(BLINK));
      expect(await target.resume({ until: nanoseconds(time) })).toEqual({ kind: "time" });
      const snapshot = target.takeSnapshot();
      expect(snapshot.time).toBe(target.now);
      const first = await continuation(target, 1200e6);
      expect((first as { lines: string[] }).lines.length).toBeGreaterThan(10);
      for (let again = 0; again < 2; again++) {
        target.restoreSnapshot(snapshot);
        expect(target.now).toBe(snapshot.time);
        expect(await continuation(target, 1200e6)).toEqual(first);
      }
    });

    it("can be restored in any order, and into another target of the same image", async () => {
      const image = thumbImage(COUNTING);
      const [target, other] = [await make(image.segments), await make(image.segments)];
      await target.resume({ until: nanoseconds(1e5) });
      const early = { snapshot: target.takeSnapshot(), registers: await target.readRegisters() };
      await target.resume({ until: nanoseconds(2e5) });
      const late = { snapshot: target.takeSnapshot(), registers: await target.readRegisters() };
      for (const { snapshot, registers } of [early, late, early]) {
        target.restoreSnapshot(snapshot);
        other.restoreSnapshot(snapshot);
        expect(await target.readRegisters()).toEqual(registers);
        expect(await other.readRegisters()).toEqual(registers);
      }
    });

    it("are not touched by what happens later", async () => {
      const target = await make(thumbImage(COUNTING).segments);
      await target.writeMemory(RAM, Uint8Array.of(1, 2, 3));
      const snapshot = target.takeSnapshot();
      await target.writeMemory(RAM, Uint8Array.of(9, 9, 9));
      await target.writeRegister(Register.r0, 9);
      target.restoreSnapshot(snapshot);
      expect([...(await target.readMemory(RAM, 3))]).toEqual([1, 2, 3]);
      expect((await target.readRegisters())[0]).toBe(0);
    });

    it("forget code that was changed since", async () => {
      const target = await make(thumbImage([]).segments);
      const stub = address(RAM + 0x100);
      const run = async () => {
        await target.writeRegister(Register.pc, stub);
        await target.step();
        return (await target.readRegisters())[3];
      };
      await target.writeMemory(stub, new Uint8Array(Uint16Array.of(movs(3, 77)).buffer));
      expect(await run()).toBe(77);
      const snapshot = target.takeSnapshot();
      await target.writeMemory(stub, new Uint8Array(Uint16Array.of(movs(3, 78)).buffer));
      expect(await run()).toBe(78);
      target.restoreSnapshot(snapshot);
      expect(await run()).toBe(77);
    });

    it("taken at a breakpoint go on behind it, without a second hit", async () => {
      const image = thumbImage(COUNTING);
      const target = await make(image.segments);
      const counts: number[] = [];
      target.addBreakpoint(image.at(1));
      target.addTracepoint({
        where: { kind: "code", address: image.at(1) },
        collect: [{ kind: "registers" }],
        onHit: (hit: TracepointHit) => counts.push(hit.register(Register.r0)) < 0,
      });
      await target.resume();
      await target.resume();
      const snapshot = target.takeSnapshot();
      expect(counts).toEqual([0, 1]);
      for (let again = 0; again < 2; again++) {
        counts.length = 0;
        expect(await target.resume()).toEqual({ kind: "breakpoint", address: image.at(1) });
        expect(counts).toEqual([2]);
        target.restoreSnapshot(snapshot);
      }
    });

    it("keep breakpoints and tracepoints as they are", async () => {
      const image = thumbImage(COUNTING);
      const target = await make(image.segments);
      const snapshot = target.takeSnapshot();
      target.addBreakpoint(image.at(2));
      target.restoreSnapshot(snapshot);
      expect(await target.resume()).toEqual({ kind: "breakpoint", address: image.at(2) });
    });
  });
}
