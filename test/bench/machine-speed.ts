import { basename } from "node:path";
import { type Nanoseconds, nanoseconds } from "#adapter/base/brand";
import { Rp2040, seconds } from "#adapter/chip/rp2040/rp2040";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { type Firmware, loadFirmware } from "#adapter/debuggee/firmware";
import { loadImage } from "#adapter/elf/load-image";
import { EventKind } from "#adapter/trace/event";
import type { Trace } from "#adapter/trace/trace";
import { digits, type Line, quantity } from "./line";
import { inTurns, median, medianRatio, secondsOf } from "./measure";
import { PlainRp2040js } from "./plain-rp2040js";

/** Instructions in a round: about a tenth of a second of work for us, half a second for rp2040js. */
const INSTRUCTIONS = 24e6;
const ROUNDS = 15;
/** What a Pico runs at. */
const PICO_HZ = 125e6;

/**
 * Emulated instructions per second on one firmware: observed, not observed, and in plain rp2040js.
 *
 * Each has one machine that runs on from round to round, so that a round is work in the middle of a long run; a round
 * of ours is the same piece of virtual time observed and not observed.
 */
export async function machineSpeed(path: string): Promise<Line[]> {
  const firmware = await loadFirmware(path);
  const roundTime = timeOfRound(firmware);
  const observed = new Debuggee(firmware);
  const unobserved = new Debuggee(firmware, { isObserved: false });
  const rp2040js = new PlainRp2040js(path);
  const runOn = (debuggee: Debuggee) => {
    const until = nanoseconds(Math.round(debuggee.target.now / roundTime + 1) * roundTime);
    return secondsOf(() => debuggee.run(until));
  };
  globalThis.gc?.();
  const times = await inTurns(
    {
      observed: () => runOn(observed),
      unobserved: () => runOn(unobserved),
      rp2040js: () => secondsOf(() => rp2040js.runInstructions(INSTRUCTIONS)),
    },
    ROUNDS,
  );
  const { trace } = observed;
  const rounds = observed.target.now / roundTime;
  const instructions = instructionsAt(firmware, observed.target.now) / rounds;
  const mips = (spent: readonly number[], executed: number) =>
    median(spent.map((each) => executed / each / 1e6));
  const ours = mips(times.observed, instructions);
  const theirs = mips(times.rp2040js, INSTRUCTIONS);
  const speedUp = (medianRatio(times.rp2040js, times.observed) * instructions) / INSTRUCTIONS;
  const cost = medianRatio(times.observed, times.unobserved) - 1;
  const busySeconds = (trace.endTime - sleepOf(trace)) / 1e9 / rounds;
  const realTime = median(times.observed.map((each) => busySeconds / each));
  const events = trace.events.length / rounds;
  const perEvent = (cost * median(times.unobserved) * 1e9) / events;
  return [
    {
      what: `${basename(path, ".elf")}: instructions, observed`,
      ours: quantity(ours, "MIPS"),
      yardstick: `rp2040js ${quantity(theirs, "MIPS")}`,
      ratio: `${digits(speedUp)} x`,
      goal: ">= 4 x",
      isMet: speedUp >= 4,
    },
    {
      what: "  virtual time while busy",
      ours: quantity(realTime, "s/s"),
      yardstick: `a Pico at ${PICO_HZ / 1e6} MHz: 1 s/s`,
      ratio: `${digits(realTime)} x`,
      goal: "> 1 x",
      isMet: realTime > 1,
    },
    {
      what: `  cost of observing (${digits(events)} events, ${digits(perEvent)} ns each)`,
      ours: quantity(ours, "MIPS"),
      yardstick: `not observed ${quantity(mips(times.unobserved, instructions), "MIPS")}`,
      ratio: `${(cost * 100).toFixed(1)} %`,
      goal: "<= 5 %",
      isMet: cost <= 0.05,
    },
  ];
}

/** The virtual time in which a firmware executes about `INSTRUCTIONS`, in nanoseconds. */
function timeOfRound(firmware: Firmware): number {
  const machine = machineOf(firmware);
  machine.run(seconds(1e6), INSTRUCTIONS);
  return Math.round(machine.now);
}

/** How many instructions a firmware has executed at an instant: runs are the same every time. */
function instructionsAt(firmware: Firmware, instant: Nanoseconds): number {
  const machine = machineOf(firmware);
  machine.run(instant);
  return machine.core.instructions;
}

/** The chip with a firmware, switched on. */
export function machineOf({ elf }: Firmware): Rp2040 {
  const machine = new Rp2040();
  machine.loadImage(
    loadImage(elf).chunks.map(({ physicalAddress, bytes }) => ({ address: physicalAddress, bytes })),
  );
  machine.reset();
  return machine;
}

/** How long the core slept. */
function sleepOf({ events, endTime }: Trace): number {
  let slept = 0;
  let since: number | undefined;
  for (let row = 0; row < events.length; row++) {
    const kind = events.kind(row);
    if (kind === EventKind.SleepBegin) since = events.time(row);
    else if (kind === EventKind.SleepEnd && since !== undefined) {
      slept += events.time(row) - since;
      since = undefined;
    }
  }
  return since === undefined ? slept : slept + endTime - since;
}
