import { basename } from "node:path";
import { nanoseconds } from "#adapter/base/brand";
import { seconds } from "#adapter/chip/rp2040/rp2040";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { FindingsWatch } from "#adapter/debuggee/findings/findings-watch";
import { loadFirmware } from "#adapter/debuggee/firmware";
import { digits, type Line, quantity } from "./line";
import { machineOf } from "./machine-speed";
import { inTurns, median, medianRatio, spentOn } from "./measure";

/** Instructions in a round. */
const INSTRUCTIONS = 12e6;
const ROUNDS = 15;
const GOAL = 0.15;

/**
 * What all detectors together cost, over the trace alone: two runs of one firmware side by side, each going on from round
 * to round, by what the thread that runs JavaScript spends. What is worked out once per program falls into the rounds
 * that do not count, and has a line of its own: the first round from power-on, with the making of the detectors.
 */
export async function findingsSpeed(path: string): Promise<Line[]> {
  const firmware = await loadFirmware(path);
  const measured = machineOf(firmware);
  measured.run(seconds(1e6), INSTRUCTIONS);
  const roundTime = Math.round(measured.now);
  const traced = new Debuggee(firmware);
  const watched = new Debuggee(firmware);
  const runOn = async (debuggee: Debuggee) => {
    const until = nanoseconds(Math.round(debuggee.target.now / roundTime + 1) * roundTime);
    return (await spentOn(() => debuggee.run(until))).main;
  };
  const first = await runOn(traced);
  const made = await spentOn(() => new FindingsWatch(watched));
  const firstWatched = made.main + (await runOn(watched));
  globalThis.gc?.();
  const times = await inTurns({ watched: () => runOn(watched), traced: () => runOn(traced) }, ROUNDS);
  const cost = medianRatio(times.watched, times.traced) - 1;
  const events = traced.trace.events.length / (traced.target.now / roundTime);
  const name = basename(path, ".elf");
  return [
    {
      what: `${name}: all detectors (${digits(events)} events)`,
      ours: quantity(median(times.watched) * 1e3, "ms"),
      yardstick: `trace alone ${quantity(median(times.traced) * 1e3, "ms")}`,
      ratio: `${(cost * 100).toFixed(1)} %`,
      goal: `<= ${GOAL * 100} %`,
      isMet: cost <= GOAL,
    },
    {
      what: "  the first round, from power-on",
      ours: quantity(firstWatched * 1e3, "ms"),
      yardstick: `trace alone ${quantity(first * 1e3, "ms")}`,
      ratio: `+${quantity((firstWatched - first) * 1e3, "ms")}`,
      goal: "",
    },
  ];
}
