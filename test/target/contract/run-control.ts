import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { Register } from "#adapter/target/architecture";
import { addsImmediate, b, bkpt, movs, NOP, udf } from "#test/helpers/thumb";
import type { MakeTarget } from "../target-contract";
import { thumbImage } from "../thumb-image";

const HARD_FAULT = 3;

/** `adds r0, #1`, for ever. */
const COUNTING = [movs(0, 0), addsImmediate(0, 1), b(-2)];

export function describeRunControl(make: MakeTarget): void {
  describe("run control", () => {
    it("begins stopped, before the first instruction", async () => {
      const image = thumbImage([movs(0, 1)]);
      const target = await make(image.segments);
      expect(target.state).toEqual({ kind: "stopped", reason: { kind: "entry" } });
      const hit = target.addBreakpoint(image.at(0));
      expect(await target.resume()).toEqual({ kind: "breakpoint", address: image.at(0) });
      hit.remove();
    });

    it("steps one instruction at a time", async () => {
      const image = thumbImage([movs(0, 1), movs(1, 2), movs(2, 3)]);
      const target = await make(image.segments);
      for (let i = 0; i < 3; i++) {
        const before = target.now;
        expect(await target.step()).toEqual({ kind: "step" });
        expect(target.now).toBeGreaterThan(before);
        const registers = await target.readRegisters();
        expect([...registers.slice(0, 3)]).toEqual([1, 2, 3].map((value, n) => (n <= i ? value : 0)));
        expect(registers[Register.pc]).toBe(image.at(i + 1));
      }
      expect(target.state).toEqual({ kind: "stopped", reason: { kind: "step" } });
    });

    it("stops before a breakpoint, and goes on behind it", async () => {
      const image = thumbImage(COUNTING);
      const target = await make(image.segments);
      target.addBreakpoint(image.at(1));
      for (let round = 0; round < 3; round++) {
        expect(await target.resume()).toEqual({ kind: "breakpoint", address: image.at(1) });
        const registers = await target.readRegisters();
        expect(registers[Register.pc]).toBe(image.at(1));
        expect(registers[0]).toBe(round);
      }
    });

    it("stops at each of several breakpoints in the order of the program", async () => {
      const image = thumbImage([NOP, NOP, NOP, NOP]);
      const target = await make(image.segments);
      for (const i of [3, 1, 2]) target.addBreakpoint(image.at(i));
      for (const i of [1, 2, 3])
        expect(await target.resume()).toEqual({ kind: "breakpoint", address: image.at(i) });
    });

    it("keeps stopping as long as one of several breakpoints of a place is left", async () => {
      const image = thumbImage(COUNTING);
      const target = await make(image.segments);
      const first = target.addBreakpoint(image.at(1));
      const second = target.addBreakpoint(image.at(1));
      first.remove();
      first.remove();
      expect(await target.resume()).toEqual({ kind: "breakpoint", address: image.at(1) });
      second.remove();
      const until = nanoseconds(target.now + 1e6);
      expect(await target.resume({ until })).toEqual({ kind: "time" });
    });

    it("steps onto a breakpoint, and from there on without stopping again", async () => {
      const image = thumbImage([NOP, NOP, NOP, NOP]);
      const target = await make(image.segments);
      target.addBreakpoint(image.at(1));
      target.addBreakpoint(image.at(3));
      await target.step();
      expect((await target.readRegisters())[Register.pc]).toBe(image.at(1));
      expect(await target.step()).toEqual({ kind: "step" });
      expect((await target.readRegisters())[Register.pc]).toBe(image.at(2));
      await target.step();
      expect(await target.resume({ until: nanoseconds(target.now + 1e6) })).toEqual({ kind: "time" });
    });

    it("does nothing when the instant has passed", async () => {
      const target = await make(thumbImage(COUNTING).segments);
      await target.resume({ until: nanoseconds(1e6) });
      const registers = await target.readRegisters();
      expect(await target.resume({ until: nanoseconds(5e5) })).toEqual({ kind: "time" });
      expect(await target.readRegisters()).toEqual(registers);
    });

    it("is interrupted in an endless loop, and lets others work meanwhile", async () => {
      const target = await make(thumbImage(COUNTING).segments);
      await target.resume({ until: nanoseconds(target.now + 1e6) });
      const running = target.resume();
      expect(target.state).toEqual({ kind: "running" });
      const times: number[] = [];
      for (let turn = 0; turn < 3; turn++) {
        await nextTurn();
        times.push(target.now);
      }
      target.interrupt();
      expect(await running).toEqual({ kind: "pause" });
      expect(times[2]).toBeGreaterThan(times[0]!);
      expect(target.state).toEqual({ kind: "stopped", reason: { kind: "pause" } });
      expect((await target.readRegisters())[0]).toBeGreaterThan(0);
    });

    it("is interrupted by the signal of an AbortController, also before it runs", async () => {
      const target = await make(thumbImage(COUNTING).segments);
      const abort = new AbortController();
      const running = target.resume({ signal: abort.signal });
      await nextTurn();
      abort.abort();
      expect(await running).toEqual({ kind: "pause" });
      const before = await target.readRegisters();
      expect(await target.resume({ signal: abort.signal })).toEqual({ kind: "pause" });
      expect(await target.readRegisters()).toEqual(before);
    });

    it("forgets an interruption that came while it stood still, and signals of runs that are over", async () => {
      const target = await make(thumbImage(COUNTING).segments);
      const abort = new AbortController();
      await target.resume({ until: nanoseconds(1000), signal: abort.signal });
      target.interrupt();
      const running = target.resume({ until: nanoseconds(1e6) });
      abort.abort();
      expect(await running).toEqual({ kind: "time" });
    });

    it("refuses to run twice at once", async () => {
      const target = await make(thumbImage(COUNTING).segments);
      const running = target.resume();
      await expect(target.resume()).rejects.toThrow("running already");
      await expect(Promise.resolve().then(() => target.step())).rejects.toThrow("running already");
      target.interrupt();
      expect(await running).toEqual({ kind: "pause" });
      expect(await target.step()).toEqual({ kind: "step" });
    });

    it("stops at a BKPT instruction, without executing it", async () => {
      const image = thumbImage([movs(0, 1), bkpt(3), movs(0, 2)]);
      const target = await make(image.segments);
      expect(await target.resume()).toEqual({ kind: "breakpoint-instruction" });
      const registers = await target.readRegisters();
      expect(registers[Register.pc]).toBe(image.at(1));
      expect(registers[0]).toBe(1);
    });

    it("says that the core has locked up, again and again", async () => {
      const target = await make(thumbImage([udf(0)], { [HARD_FAULT]: [udf(1)] }).segments);
      expect(await target.resume()).toEqual({ kind: "lockup" });
      expect(await target.resume()).toEqual({ kind: "lockup" });
    });

    it("stops for good when it is disposed of", async () => {
      const target = await make(thumbImage(COUNTING).segments);
      const running = target.resume();
      await nextTurn();
      target.dispose();
      expect(await running).toEqual({ kind: "pause" });
      expect(target.state.kind).toBe("stopped");
      target.dispose();
    });
  });
}
