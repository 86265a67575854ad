import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { UserError } from "#adapter/base/errors";
import type { BoardInput } from "#adapter/chip/parts/board-input";
import { parsePartSpec } from "#adapter/chip/parts/part-spec";
import { seconds, type Rp2040, type Rp2040Snapshot } from "#adapter/chip/rp2040/rp2040";
import { bootFirmware, type BootedFirmware } from "./rp2040-firmware";

/** Firmware, parts and inputs that exercise timers, pin interrupts, bit-banged buses, I2C and the UART. */
const SCENARIOS: readonly {
  name: string;
  parts: string[];
  prepare: (machine: Rp2040) => void;
  end: number;
}[] = [
  { name: "blink-release", parts: [], prepare: () => undefined, end: 0.8 },
  {
    name: "button-or-timeout-release",
    parts: ["tm1637:clk=2,dio=3", "button:pin=15"],
    prepare: (machine) => machine.schedule(seconds(0.2), { kind: "press", pin: 15, holdFor: 30e6 }),
    end: 0.4,
  },
  {
    name: "producer-consumer-dev",
    parts: ["tm1637:clk=2,dio=3"],
    prepare: () => undefined,
    end: 0.7,
  },
  {
    name: "uart-echo-release",
    parts: ["uart:tx=0,rx=1"],
    prepare: (machine) => machine.schedule(seconds(0.14), { kind: "type", uart: 0, text: "abc\ndef\n" }),
    end: 0.2,
  },
  {
    name: "thermometer-release",
    parts: ["tmp102:sda=4,scl=5"],
    prepare: (machine) =>
      machine.schedule(seconds(0.9), { kind: "temperature", part: "tmp102@0x48", celsius: -3.5 }),
    end: 1.2,
  },
];

const INPUTS: fc.Arbitrary<BoardInput> = fc.oneof(
  fc.constant<BoardInput>({ kind: "press", pin: 15 }),
  fc.constant<BoardInput>({ kind: "press", pin: 15, holdFor: 5e6 }),
  fc.constant<BoardInput>({ kind: "release", pin: 15 }),
  fc.string({ minLength: 1, maxLength: 5 }).map((text): BoardInput => ({ kind: "type", uart: 0, text })),
  fc.constantFrom("low", "high", "floating").map((level): BoardInput => ({ kind: "probe", pin: 7, level })),
  fc
    .constantFrom("button:pin=15", "led:pin=25", "tm1637:clk=2,dio=3", "tmp102:sda=4,scl=5", "uart:tx=0,rx=1")
    .map((text): BoardInput => ({ kind: "wire", part: parsePartSpec(text) })),
  fc
    .constantFrom("button15", "led25", "tm1637", "tmp102@0x48", "uart0")
    .map((part): BoardInput => ({ kind: "unwire", part })),
  fc.integer({ min: -40, max: 125 }).map((celsius): BoardInput => {
    return { kind: "temperature", part: "tmp102@0x48", celsius };
  }),
);

/** Does something to the board, if there is something that it can be done to. */
function tryInput(machine: Rp2040, input: BoardInput): void {
  try {
    machine.apply(input);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

function boot(scenario: (typeof SCENARIOS)[number]): BootedFirmware {
  const booted = bootFirmware(scenario.name, scenario.parts);
  scenario.prepare(booted.machine);
  return booted;
}

function runToEnd(machine: Rp2040, end: number): void {
  const stop = machine.run(seconds(end));
  expect(["time", "stuck"]).toContain(stop);
}

/** What the machine looks like: registers, counters, time and a checksum of RAM. */
function fingerprint(machine: Rp2040): string {
  const ram = new Uint8Array(264 * 1024);
  machine.peek(0x2000_0000, ram);
  let sum = 0;
  for (const byte of ram) sum = (Math.imul(sum, 31) + byte) | 0;
  const { core } = machine;
  return [machine.now, core.cycles, core.instructions, ...core.registers, sum].join(" ");
}

describe.each(SCENARIOS)("$name", (scenario) => {
  const whole = boot(scenario);
  runToEnd(whole.machine, scenario.end);
  const wanted = { log: whole.log, fingerprint: fingerprint(whole.machine) };

  it("runs the same in slices of any size", () => {
    const slice = fc.oneof(
      fc.record({ kind: fc.constant("time"), size: fc.integer({ min: 1, max: 200_000_000 }) }),
      fc.record({ kind: fc.constant("instructions"), size: fc.integer({ min: 1, max: 50_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(slice, { minLength: 1, maxLength: 40 }), (slices) => {
        const { machine, log } = boot(scenario);
        for (const { kind, size } of slices) {
          const end = Math.min(machine.now + (kind === "time" ? size : Infinity), seconds(scenario.end));
          machine.run(nanoseconds(end), kind === "time" ? Infinity : size);
        }
        runToEnd(machine, scenario.end);
        expect(log).toEqual(wanted.log);
        expect(fingerprint(machine)).toBe(wanted.fingerprint);
      }),
      { numRuns: 6, seed: 1 },
    );
  });

  it("runs the same from any snapshot", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
        (points) => {
          const { machine, log } = boot(scenario);
          const snapshots: { snapshot: Rp2040Snapshot; length: number }[] = [];
          for (const point of points.toSorted((a, b) => a - b)) {
            machine.run(nanoseconds(Math.round(point * scenario.end * 1e9)));
            snapshots.push({ snapshot: machine.takeSnapshot(), length: log.length });
          }
          runToEnd(machine, scenario.end);
          for (const { snapshot, length } of snapshots.reverse()) {
            machine.restore(snapshot);
            log.length = length;
            runToEnd(machine, scenario.end);
            expect(log).toEqual(wanted.log);
            expect(fingerprint(machine)).toBe(wanted.fingerprint);
          }
        },
      ),
      { numRuns: 4, seed: 1 },
    );
  });

  it("runs the same when what was done by hand is scheduled for its instants", () => {
    const action = fc.record({ run: fc.integer({ min: 1, max: 60_000_000 }), input: INPUTS });
    const budget = fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 12 }), budget, (actions, instructions) => {
        const byHand = boot(scenario);
        for (const { run, input } of actions) {
          const until = Math.min(byHand.machine.now + run, seconds(scenario.end));
          byHand.machine.run(nanoseconds(until), instructions);
          tryInput(byHand.machine, input);
        }
        runToEnd(byHand.machine, scenario.end);
        const scripted = bootFirmware(scenario.name, scenario.parts);
        for (const { at, input } of byHand.machine.allInputs) scripted.machine.schedule(at, input);
        runToEnd(scripted.machine, scenario.end);
        expect(scripted.log).toEqual(byHand.log);
        expect(fingerprint(scripted.machine)).toBe(fingerprint(byHand.machine));
      }),
      { numRuns: 6, seed: 1 },
    );
  });

  it("goes back to a snapshot with other parts on the board", () => {
    const { machine, log } = boot(scenario);
    machine.run(seconds(scenario.end / 2));
    const snapshot = machine.takeSnapshot();
    const length = log.length;
    machine.apply({ kind: "wire", part: parsePartSpec("tm1637:clk=10,dio=11,name=second") });
    machine.apply({ kind: "wire", part: parsePartSpec("tmp102:sda=20,scl=21,name=cold") });
    const more = machine.takeSnapshot();
    for (const { name } of machine.partSpecs) machine.apply({ kind: "unwire", part: name });
    runToEnd(machine, scenario.end);
    machine.restore(more);
    expect(machine.partSpecs).toHaveLength(scenario.parts.length + 2);
    const drives = () => [10, 11, 20, 21].map((pin) => machine.pins.level(pin));
    expect(drives()).toEqual([true, true, true, true]);
    log.length = length;
    machine.restore(snapshot);
    expect(log).toHaveLength(length);
    expect(drives()).toEqual([false, false, false, false]);
    runToEnd(machine, scenario.end);
    expect(log).toEqual(wanted.log);
    expect(fingerprint(machine)).toBe(wanted.fingerprint);
  });
});
