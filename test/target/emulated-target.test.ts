import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { UserError } from "#adapter/base/errors";
import { Register } from "#adapter/target/architecture";
import { EmulatedTarget } from "#adapter/target/emulated-target";
import { Pace } from "#adapter/target/pace";
import { steadyClock } from "#test/helpers/steady-clock";
import { addsImmediate, b, movs, NOP, WFI } from "#test/helpers/thumb";
import { thumbImage } from "./thumb-image";
import { describeEmulatedContract, describeTargetContract, type MakeTarget } from "./target-contract";

const make: MakeTarget = (segments) => new EmulatedTarget({ image: segments });
describeTargetContract("The emulated Pico", make);
describeEmulatedContract("The emulated Pico", make);

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

describe("An alarm of the emulated Pico", () => {
  const loop = () =>
    new EmulatedTarget({ image: thumbImage([movs(0, 0), addsImmediate(0, 1), b(-2)]).segments });
  /** Of an instruction of the loop, at the slowest clock: 6.5 MHz. */
  const INSTRUCTION = 400;

  it("rings once, at its instant, between two instructions, and stops the target if it is told to", async () => {
    const machine = loop();
    const rung: number[] = [];
    const alarm = machine.addAlarm(({ time }) => rung.push(time) > 1);
    alarm.set(nanoseconds(20_000));
    await machine.resume({ until: nanoseconds(100_000) });
    expect(machine.now).toBeGreaterThanOrEqual(100_000);
    alarm.set(nanoseconds(200_000));
    expect(await machine.resume({ until: nanoseconds(300_000) })).toEqual({ kind: "tracepoint" });
    expect(
      rung.map((time, i) => time - [20_000, 200_000][i]!).filter((late) => late < 0 || late > INSTRUCTION),
    ).toEqual([]);
    expect(rung).toEqual([expect.any(Number), machine.now]);
    expect(await machine.resume({ until: nanoseconds(300_000) })).toEqual({ kind: "time" });
    expect(rung).toHaveLength(2);
  });

  it("that is set in the middle of a run, for now, rings behind the instruction at hand", async () => {
    const image = thumbImage([movs(0, 7), movs(0, 8), movs(0, 9)]);
    const machine = new EmulatedTarget({ image: image.segments });
    const seen: number[] = [];
    const alarm = machine.addAlarm((hit) => seen.push(hit.register(Register.r0)) > 0);
    const where = { kind: "code", address: image.at(1) } as const;
    const onHit = ({ time }: { readonly time: Parameters<typeof alarm.set>[0] }) => {
      alarm.set(time);
      return false;
    };
    machine.addTracepoint({ where, collect: [], onHit });
    expect(await machine.resume()).toEqual({ kind: "tracepoint" });
    expect(seen).toEqual([8]);
  });

  it("does not change what the program does", async () => {
    const plain = loop();
    const watched = loop();
    const alarm = watched.addAlarm(({ time }) => {
      alarm.set(nanoseconds(time + 777));
      return false;
    });
    alarm.set(nanoseconds(0));
    const until = nanoseconds(1_000_000);
    await plain.resume({ until });
    await watched.resume({ until });
    expect(await watched.readRegisters()).toEqual(await plain.readRegisters());
    expect(watched.now).toBe(plain.now);
  });

  it("rings while the core sleeps, and does not keep a target that sleeps for good", async () => {
    const machine = new EmulatedTarget({ image: thumbImage([WFI]).segments });
    let rung = 0;
    const alarm = machine.addAlarm(() => ++rung < 0);
    machine.observe({ onSleep: (time) => alarm.set(time) });
    expect(await machine.resume()).toEqual({ kind: "stuck" });
    expect(rung).toBe(1);
    alarm.set(nanoseconds(1e9));
    expect(await machine.resume()).toEqual({ kind: "stuck" });
    alarm.remove();
    expect(rung).toBe(1);
  });
});
