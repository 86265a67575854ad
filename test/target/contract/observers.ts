import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import type { MachineObserver } from "#adapter/target/target";
import { addsImmediate, b, bx, movs, NOP, str, svc, WFI } from "#test/helpers/thumb";
import type { MakeTarget } from "../target-contract";
import { loadConstant, storeConstant, thumbImage } from "../thumb-image";

const SVCALL = 11;
const SYSTICK = 15;
const LINK = 14;

// Registers of the ARMv6-M system control space (ARMv6-M ARM B3.3) and the RP2040 (datasheet, by section).
const SYST_CSR = 0xe000_e010;
const SYST_RVR = 0xe000_e014;
/** 2.14.3, with the alias that clears bits (2.1.2). */
const RESETS_CLEAR = 0x4000_f000;
const RESET_IO_BANK0 = 1 << 5;
const RESET_PADS_BANK0 = 1 << 8;
/** 2.19.6.1: function 5 gives a pin to the SIO. */
const GPIO25_CTRL = 0x4001_40cc;
const GPIO15_CTRL = 0x4001_407c;
const FUNCTION_SIO = 5;
/** 2.3.1.7 */
const GPIO_OE_SET = 0xd000_0024;
const GPIO_OUT_XOR = 0xd000_001c;

const CYCLES_A_TICK = 1000;
/** Counts SysTicks in r4 and sleeps in between. */
const TICKING = [storeConstant(SYST_RVR, CYCLES_A_TICK - 1), storeConstant(SYST_CSR, 0b111), WFI, b(-2)];
const TICK_HANDLER = { [SYSTICK]: [addsImmediate(4, 1), bx(LINK)] };

/** Notes what it is told as text. */
function log(): { readonly lines: string[]; readonly times: number[]; readonly observer: MachineObserver } {
  const lines: string[] = [];
  const times: number[] = [];
  const note = (time: number, line: string) => {
    lines.push(line);
    times.push(time);
  };
  return {
    lines,
    times,
    observer: {
      onExceptionEntry: (time, exception) => note(time, `enter ${exception}`),
      onExceptionReturn: (time, exception) => note(time, `return from ${exception}`),
      onSleep: (time) => note(time, "sleep"),
      onWake: (time) => note(time, "wake"),
      onPin: (time, pin, isHigh) => note(time, `pin ${pin} ${isHigh ? "high" : "low"}`),
    },
  };
}

export function describeObservers(make: MakeTarget): void {
  describe("observers", () => {
    it("are told of an exception's entry and return", async () => {
      const image = thumbImage([NOP, svc(0), NOP], { [SVCALL]: [movs(4, 9), bx(LINK)] });
      const target = await make(image.segments);
      const { lines, observer } = log();
      target.observe(observer);
      await target.resume({ until: nanoseconds(1e5) });
      expect(lines).toEqual([`enter ${SVCALL}`, `return from ${SVCALL}`]);
      expect((await target.readRegisters())[4]).toBe(9);
    });

    it("are told of sleep and of what ends it, at the right time", async () => {
      const target = await make(thumbImage(TICKING, TICK_HANDLER).segments);
      const { lines, times, observer } = log();
      target.observe(observer);
      await target.resume({ until: nanoseconds(1e6) });
      const round = ["sleep", "wake", `enter ${SYSTICK}`, `return from ${SYSTICK}`];
      expect(lines.slice(0, 8)).toEqual([...round, ...round]);
      const wakes = times.filter((_, i) => lines[i] === "wake");
      // The clock after a reset: the ring oscillator, nominally 6.5 MHz (datasheet 2.17).
      const period = (CYCLES_A_TICK / 6.5e6) * 1e9;
      for (let i = 1; i < wakes.length; i++) {
        expect(Math.abs(wakes[i]! - wakes[i - 1]! - period)).toBeLessThan(1);
      }
      expect(wakes.length).toBe(Math.floor(times.at(-1)! / period));
      expect((await target.readRegisters())[4]).toBe(wakes.length);
    });

    it("are told of pins", async () => {
      const image = thumbImage([
        storeConstant(RESETS_CLEAR, RESET_IO_BANK0 | RESET_PADS_BANK0),
        storeConstant(GPIO25_CTRL, FUNCTION_SIO),
        storeConstant(GPIO_OE_SET, 1 << 25),
        loadConstant(0, GPIO_OUT_XOR),
        loadConstant(1, 1 << 25),
        str(1, 0),
        str(1, 0),
        str(1, 0),
      ]);
      const target = await make(image.segments);
      const { lines, times, observer } = log();
      target.observe(observer);
      await target.resume({ until: nanoseconds(1e6) });
      expect(lines).toEqual(["pin 25 high", "pin 25 low", "pin 25 high"]);
      expect(new Set(times).size).toBe(3);
      expect(target.pins.isHigh(25)).toBe(true);
    });

    it("are told of a pin that is driven from outside", async () => {
      const image = thumbImage([
        storeConstant(RESETS_CLEAR, RESET_IO_BANK0 | RESET_PADS_BANK0),
        storeConstant(GPIO15_CTRL, FUNCTION_SIO),
      ]);
      const target = await make(image.segments);
      await target.resume({ until: nanoseconds(1e5) });
      const { lines, observer } = log();
      target.observe(observer);
      target.pins.drive(15, "high");
      expect(target.pins.isHigh(15)).toBe(true);
      target.pins.drive(15, "low");
      expect(target.pins.isHigh(15)).toBe(false);
      target.pins.drive(15, "released");
      expect(lines.slice(0, 2)).toEqual(["pin 15 high", "pin 15 low"]);
      expect(target.pins.count).toBe(30);
    });

    it("may come and go while others are told", async () => {
      const image = thumbImage(TICKING, TICK_HANDLER);
      const target = await make(image.segments);
      const told: string[] = [];
      const first = target.observe({
        onWake: () => {
          told.push("first");
          first.remove();
          target.observe({ onWake: () => void told.push("third") });
        },
      });
      const second = target.observe({ onWake: () => void told.push("second") });
      await target.resume({ until: nanoseconds(2.5 * 1000 * (1000 / 6.5)) });
      expect(told.slice(0, 4)).toEqual(["first", "second", "second", "third"]);
      second.remove();
      second.remove();
      const before = told.length;
      await target.resume({ until: nanoseconds(4 * 1000 * (1000 / 6.5)) });
      expect(new Set(told.slice(before))).toEqual(new Set(["third"]));
    });
  });
}
