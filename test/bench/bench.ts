import { readdirSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { backtraceSpeed, firstAnswer, firstTasks, firstTasksSpeed, taskSpeed } from "./inspect-speed";
import { heading, type Line, textOf } from "./line";
import { costLines, type DetectorCost, detectorCost, findingsSpeed } from "./findings-speed";
import { lintHostSpeed } from "./lint-host-speed";
import { lintSpeed } from "./lint-speed";
import { firstLoad, loadSpeed } from "./load-speed";
import { machineSpeed } from "./machine-speed";
import { runAlone } from "./run-alone";
import { breakpointSpeed, firstStop, firstStopSpeed, stackSpeed, stepSpeed } from "./session-speed";
import { sleepSpeed } from "./sleep-speed";
import { followSpeed, longTimelineSpeed, openTimeline } from "./timeline-speed";
import { appendSpeed, fileSize } from "./trace-size";

const SAMPLES = "samples/prebuilt";

/** Firmware with code of different kinds to run (README.md); sleep between is skipped by all. */
const BUSY = [
  "starvation-hog-release",
  "starvation-polite-release",
  "producer-consumer-dev",
  "guard-across-await-bad-dev",
] as const;
const HUNDRED_TASKS = "test/firmware/hundred-tasks/prebuilt/hundred-tasks-release.elf";
/** With Embassy, whose own functions are known, and without, where all code may poll. */
const FIRST_LOOKED_AT = ["blink-dev", "countdown-round-robin-dev"] as const;
const SLEEPY = ["blink-release", "blink-dev"] as const;

/**
 * Each group is measured in a process of its own: what V8 has learnt of one firmware neither helps nor harms the next.
 */
const GROUPS: Readonly<Record<string, (...args: string[]) => Promise<Line[]>>> = {
  load: loadSpeed,
  machine: machineSpeed,
  findings: findingsSpeed,
  sleep: sleepSpeed,
  "open-timeline": openTimeline,
  "long-timeline": longTimelineSpeed,
  follow: followSpeed,
  append: appendSpeed,
  file: fileSize,
  tasks: taskSpeed,
  backtrace: backtraceSpeed,
  "observe-and-look": firstTasksSpeed,
  "first-stop-times": firstStopSpeed,
  steps: stepSpeed,
  stacks: stackSpeed,
  breakpoints: breakpointSpeed,
  lint: lintSpeed,
  "lint-host": lintHostSpeed,
};

const [group, ...args] = process.argv.slice(2);
if (group === undefined) runAll();
else if (group === "first-load") process.stdout.write(JSON.stringify(await firstLoad(args[0]!)));
else if (group === "first-answer") process.stdout.write(JSON.stringify(await firstAnswer(args[0]!)));
else if (group === "first-tasks") process.stdout.write(JSON.stringify(await firstTasks(args[0]!)));
else if (group === "findings-cost") process.stdout.write(JSON.stringify(await detectorCost(args[0]!)));
else if (group === "first-stop") await printFirstStop(args[0]!);
else process.stdout.write(JSON.stringify(await GROUPS[group]!(...args)));

function runAll(): void {
  const began = performance.now();
  process.stdout.write(`Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? "?"}\n\n`);
  process.stdout.write(`${heading()}\n`);
  const lines = [
    ...show("load", largestDevSample()),
    ...BUSY.flatMap((name) => show("machine", sample(name))),
    ...SLEEPY.flatMap((name) => show("sleep", sample(name))),
    ...showDetectors(releaseSamples()),
    ...show("findings", HUNDRED_TASKS),
    ...show("tasks", HUNDRED_TASKS),
    ...SLEEPY.flatMap((name) => show("backtrace", sample(name))),
    ...FIRST_LOOKED_AT.flatMap((name) => show("observe-and-look", sample(name))),
    ...SLEEPY.flatMap((name) => show("first-stop-times", sample(name))),
    ...show("steps", sample("producer-consumer-dev"), "measure"),
    ...show("stacks", HUNDRED_TASKS),
    ...show("breakpoints", sample("blink-dev"), "samples/blink/src/main.rs"),
    ...show("open-timeline"),
    ...show("long-timeline"),
    ...show("follow", sample("starvation-polite-release"), "3"),
    ...show("follow", sample("producer-consumer-dev"), "40"),
    ...show("lint"),
    ...show("lint-host"),
    ...show("append"),
    ...show("file", sample("starvation-polite-release")),
  ];
  const goals = lines.filter(({ isMet }) => isMet !== undefined);
  const met = goals.filter(({ isMet }) => isMet === true).length;
  const seconds = Math.round((performance.now() - began) / 1e3);
  process.stdout.write(`\n${met} of ${goals.length} goals met; took ${seconds} s\n`);
}

async function printFirstStop(path: string): Promise<void> {
  process.stdout.write(JSON.stringify(await firstStop(path)));
  // The session is still there, and would keep the process.
  process.exit();
}

function show(...groupAndArgs: string[]): Line[] {
  const printed = runAlone(groupAndArgs);
  if (printed === undefined) return [];
  const lines = JSON.parse(printed) as Line[];
  for (const line of lines) process.stdout.write(`${textOf(line)}\n`);
  return lines;
}

/** What the detectors cost in some programs. */
function showDetectors(paths: readonly string[]): Line[] {
  const costs = paths
    .flatMap((path) => {
      const printed = runAlone(["findings-cost", path]);
      return printed === undefined ? [] : [JSON.parse(printed) as DetectorCost];
    })
    .sort((a, b) => a.cost - b.cost);
  const lines = costLines(costs);
  for (const line of lines) process.stdout.write(`${textOf(line)}\n`);
  return lines;
}

function sample(name: string): string {
  return `${SAMPLES}/${name}.elf`;
}

function releaseSamples(): string[] {
  return readdirSync(SAMPLES)
    .filter((name) => name.endsWith("-release.elf"))
    .map((name) => `${SAMPLES}/${name}`);
}

function largestDevSample(): string {
  const [largest] = readdirSync(SAMPLES)
    .filter((name) => name.endsWith("-dev.elf"))
    .map((name) => `${SAMPLES}/${name}`)
    .sort((a, b) => statSync(b).size - statSync(a).size);
  if (largest === undefined) throw new Error(`there is no dev sample in ${SAMPLES}: npm run samples`);
  return largest;
}
