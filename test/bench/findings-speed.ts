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

/** What all detectors together cost in one program, over the trace alone. */
export interface DetectorCost {
  readonly name: string;
  /** As a part of what the trace alone costs. */
  readonly cost: number;
  /** Of a round, in seconds. */
  readonly watched: number;
  readonly traced: number;
  readonly virtual: number;
  readonly events: number;
  /** The first round from power-on, with the making of the detectors, in seconds. */
  readonly firstWatched: number;
  readonly firstTraced: number;
}

/**
 * Two runs of one firmware side by side, each going on from round to round, by what the thread that runs JavaScript
 * spends. What is worked out once per program falls into the rounds that do not count.
 */
export async function detectorCost(path: string): Promise<DetectorCost> {
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
  const firstTraced = await runOn(traced);
  const made = await spentOn(() => new FindingsWatch(watched));
  const firstWatched = made.main + (await runOn(watched));
  globalThis.gc?.();
  const times = await inTurns({ watched: () => runOn(watched), traced: () => runOn(traced) }, ROUNDS);
  return {
    name: basename(path, ".elf"),
    cost: medianRatio(times.watched, times.traced) - 1,
    watched: median(times.watched),
    traced: median(times.traced),
    virtual: roundTime / 1e9,
    events: traced.trace.events.length / (traced.target.now / roundTime),
    firstWatched,
    firstTraced,
  };
}

/** What the detectors cost in one program. */
export async function findingsSpeed(path: string): Promise<Line[]> {
  const found = await detectorCost(path);
  const { name, cost, events, firstTraced, firstWatched } = found;
  return [
    { ...costLine(`${name}: all detectors (${digits(events)} events)`, found), ...goalOf(cost) },
    {
      what: "  the first round, from power-on",
      ours: quantity(firstWatched * 1e3, "ms"),
      yardstick: `trace alone ${quantity(firstTraced * 1e3, "ms")}`,
      ratio: `+${quantity((firstWatched - firstTraced) * 1e3, "ms")}`,
      goal: "",
    },
  ];
}

/**
 * What the detectors cost in several programs.
 * @param costs with the least first
 */
export function costLines(costs: readonly DetectorCost[]): Line[] {
  const middle = costs[Math.floor((costs.length - 1) / 2)];
  const most = costs.at(-1);
  if (middle === undefined || most === undefined) return [];
  const within = costs.filter(({ cost }) => cost <= GOAL).length;
  return [
    { ...costLine(`all detectors, the median of ${costs.length} samples`, middle), ...goalOf(middle.cost) },
    {
      what: "  at most so much over the trace alone",
      ours: `${within} samples`,
      yardstick: `of ${costs.length}`,
      ratio: percent(GOAL),
      goal: "",
    },
    costLine(`  the most: ${most.name}, ${quantity(most.virtual / 60, "min")}`, most),
  ];
}

function costLine(what: string, { watched, traced, cost }: DetectorCost): Line {
  return {
    what,
    ours: quantity(watched * 1e3, "ms"),
    yardstick: `trace alone ${quantity(traced * 1e3, "ms")}`,
    ratio: percent(cost),
    goal: "",
  };
}

function goalOf(cost: number): Pick<Line, "goal" | "isMet"> {
  return { goal: `<= ${GOAL * 100} %`, isMet: cost <= GOAL };
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
