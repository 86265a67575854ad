import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { UserError } from "#adapter/base/errors";
import { EmulatedTarget } from "#adapter/target/emulated-target";
import { Pace } from "#adapter/target/pace";
import { steadyClock } from "#test/helpers/steady-clock";
import { NOP } from "#test/helpers/thumb";
import { thumbImage } from "./thumb-image";
import { describeTargetContract } from "./target-contract";

describeTargetContract("The emulated Pico", (segments) => new EmulatedTarget({ image: segments }));

describe("The emulated Pico", () => {
  const target = new EmulatedTarget({ image: thumbImage([]).segments });

  it("says what it can do", () => {
    expect(target.capabilities).toEqual({
      tracepoints: "free",
      snapshots: true,
      virtualTime: true,
      pins: true,
    });
  });

  it("has two UARTs", () => {
    expect(() => target.sendToUart(2, Uint8Array.of(1))).toThrow(UserError);
  });

  it("runs no faster than its pace, and stops where it would without", async () => {
    const MILLISECONDS = 1e6;
    const image = thumbImage([NOP]);
    const clock = steadyClock();
    const machine = new EmulatedTarget({ image: image.segments });
    const pace = new Pace(3, clock);
    const until = nanoseconds(200 * MILLISECONDS);
    expect(await machine.resume({ until, pace })).toEqual({ kind: "time" });
    // Ten milliseconds of the host's are thirty of the machine's: seven times that are needed.
    expect(clock.now()).toBe(70);
    const free = new EmulatedTarget({ image: image.segments });
    await free.resume({ until });
    expect(machine.now).toBe(free.now);
  });

  it("goes on when a hit has thrown: the fault is the observer's", async () => {
    const image = thumbImage([]);
    const machine = new EmulatedTarget({ image: image.segments });
    const tracepoint = machine.addTracepoint({
      where: { kind: "code", address: image.at(0) },
      collect: [],
      onHit: () => {
        throw new Error("no");
      },
    });
    await expect(machine.resume()).rejects.toThrow("no");
    expect(machine.state.kind).toBe("stopped");
    tracepoint.remove();
    expect(await machine.resume({ until: nanoseconds(1e5) })).toEqual({ kind: "time" });
  });
});
